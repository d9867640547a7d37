package org.atelier.dispatcher.schedule;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.ledger.Claim;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.log.LogContext;
import org.atelier.dispatcher.metrics.Metrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after attempts that were fed and that nobody seems to have claimed, and feeds them again where their record can no
 * longer be waiting for a slot: the share group is past it, a worker gave it back, or slots stand idle beside it.
 *
 * <p>Nothing is fed again without a look into the store, which may know of a claim or an end that the topics have not told
 * of yet. Every further time waits twice as long, so that an attempt which no worker can run costs next to nothing.
 */
public final class Refeeder {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(Refeeder.class);

    private final RunBook book;
    private final ReadyTopic ready;
    private final Feeder feeder;
    private final Workers workers;
    private final RunEnder ender;
    private final JobLedger ledger;
    private final Metrics metrics;
    private final Ticker ticker;
    private final Clock clock;
    private final Duration goneTimeout;
    private final Duration idleTimeout;
    private final Map<AttemptId, Wait> waits = new HashMap<>();

    /**
     * How an attempt has waited.
     *
     * @param fed     how often it was fed
     * @param since   when it was fed last
     * @param checked when its pool's topic was looked at last
     */
    private record Wait(int fed, long since, long checked) {}

    /**
     * @param goneTimeout wait before an attempt whose record is gone is fed again
     * @param idleTimeout wait before an attempt that idle slots leave unclaimed is fed again
     */
    public Refeeder(RunBook book, ReadyTopic ready, Feeder feeder, Workers workers, RunEnder ender, JobLedger ledger,
            Metrics metrics, Ticker ticker, Clock clock, Duration goneTimeout, Duration idleTimeout) {
        this.book = book;
        this.ready = ready;
        this.feeder = feeder;
        this.workers = workers;
        this.ender = ender;
        this.ledger = ledger;
        this.metrics = metrics;
        this.ticker = ticker;
        this.clock = clock;
        this.goneTimeout = goneTimeout;
        this.idleTimeout = idleTimeout;
    }

    /** Looks at every attempt that has waited for long enough. */
    public void step() {
        var fed = book.fed();
        waits.keySet().retainAll(fed.stream().map(FedAttempt::attempt).collect(Collectors.toSet()));
        long now = ticker.nanos();
        fed.forEach(attempt -> waits.putIfAbsent(attempt.attempt(), new Wait(1, now, now)));
        fed.stream().filter(this::isDue).collect(Collectors.groupingBy(FedAttempt::pool)).forEach(this::check);
    }

    private boolean isDue(FedAttempt fed) {
        var wait = waits.get(fed.attempt());
        long now = ticker.nanos();
        return now - wait.since >= doubled(goneTimeout, wait) && now - wait.checked >= goneTimeout.toNanos();
    }

    private static long doubled(Duration first, Wait wait) {
        return RetryPolicy.doubled(first, wait.fed - 1, LONGEST_WAIT).toNanos();
    }

    private void check(String pool, List<FedAttempt> attempts) {
        var doneBefore = ready.doneBefore(pool);
        var idle = workers.idle(pool);
        for (var fed : attempts) {
            var attempt = fed.attempt();
            waits.computeIfPresent(attempt, (key, wait) -> new Wait(wait.fed, wait.since, ticker.nanos()));
            if (isGone(fed.record(), doneBefore)) {
                lookInto(fed, "its record is gone from the ready topic");
            } else if (idle.compareTo(idleTimeout) >= 0 && isOverdue(attempt)) {
                lookInto(fed, "slots of its pool have been idle for " + idle.toSeconds() + " s");
            }
        }
    }

    private boolean isOverdue(AttemptId attempt) {
        var wait = waits.get(attempt);
        return ticker.nanos() - wait.since >= doubled(idleTimeout, wait);
    }

    private static boolean isGone(ReadyRecord record, Map<Integer, Long> doneBefore) {
        return record.isGone() || doneBefore.getOrDefault(record.partition(), 0L) > record.offset();
    }

    private void lookInto(FedAttempt fed, String why) {
        LogContext.run(fed.attempt(), () -> feedUnlessTaken(fed, why));
    }

    private void feedUnlessTaken(FedAttempt fed, String why) {
        var attempt = fed.attempt();
        var manifest = ledger.manifest(attempt.run());
        if (manifest.isPresent()) {
            LOG.info("run {} has ended and its result was not heard of; it is told again", attempt.run());
            ender.announce(manifest.get());
            return;
        }
        var claim = ledger.claim(attempt);
        if (claim.isPresent()) {
            note(claim.get());
            return;
        }
        if (fed.cancelling()) {
            return;
        }
        LOG.warn("attempt {} is fed again: {}, and nobody has claimed it", attempt, why);
        feeder.feed(fed.pool(), List.of(attempt));
        metrics.fedAgain(fed.pool());
        waits.computeIfPresent(attempt, (key, wait) -> new Wait(wait.fed + 1, ticker.nanos(), ticker.nanos()));
    }

    /** The claim says that the attempt runs, whatever became of the event; from here on its silence will be noticed. */
    private void note(Claim claim) {
        book.note(Message.AttemptStarted.of(claim), clock.instant());
    }
}
