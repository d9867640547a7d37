package org.atelier.dispatcher.schedule;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

import org.atelier.common.job.RunId;
import org.atelier.common.ledger.Manifest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats the result of a run that is known to have ended while no record of the results topic told so: its worker stopped
 * between two of its words.
 */
public final class Announcer {
    private static final int AT_ONCE = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    private final RunBook book;
    private final RunEnder ender;
    private final Ticker ticker;
    private final Duration patience;
    private final Map<RunId, Long> waitingSince = new HashMap<>();

    /** @param patience how long the record may take to come by itself */
    public Announcer(RunBook book, RunEnder ender, Ticker ticker, Duration patience) {
        this.book = book;
        this.ender = ender;
        this.ticker = ticker;
        this.patience = patience;
    }

    /** Repeats whatever is overdue. */
    public void step() {
        var unannounced = book.unannounced(AT_ONCE);
        waitingSince.keySet().retainAll(unannounced.stream().map(Manifest::run).collect(Collectors.toSet()));
        for (var manifest : unannounced) {
            long now = ticker.nanos();
            long since = waitingSince.computeIfAbsent(manifest.run(), run -> now);
            if (now - since >= patience.toNanos()) {
                LOG.info("run {} has ended and no result told so; it is told again", manifest.run());
                ender.announce(manifest);
                waitingSince.put(manifest.run(), ticker.nanos());
            }
        }
    }
}
