package org.atelier.dispatcher.schedule;

import java.time.Clock;
import java.time.Duration;

/** Removes what is no longer needed: finished records of the ready topics, old events. */
public final class Housekeeper {
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final Pools pools;
    private final RunBook book;
    private final ReadyTopic ready;
    private final Ticker ticker;
    private final Clock clock;
    private final Duration eventRetention;
    private long last;

    /** @param eventRetention how long the events of jobs can be replayed */
    public Housekeeper(Pools pools, RunBook book, ReadyTopic ready, Ticker ticker, Clock clock,
            Duration eventRetention) {
        this.pools = pools;
        this.book = book;
        this.ready = ready;
        this.ticker = ticker;
        this.clock = clock;
        this.eventRetention = eventRetention;
        this.last = ticker.nanos();
    }

    /** Cleans up where the last time is a while ago. */
    public void step() {
        if (ticker.nanos() - last < INTERVAL.toNanos()) {
            return;
        }
        last = ticker.nanos();
        pools.names().forEach(ready::trim);
        book.forgetEvents(clock.instant().minus(eventRetention));
    }
}
