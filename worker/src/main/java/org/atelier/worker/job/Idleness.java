package org.atelier.worker.job;

import java.time.Duration;
import java.util.function.BooleanSupplier;

import org.atelier.worker.job.time.Timing;

/** How long a worker has had nothing to do. Safe for use by several threads. */
final class Idleness {
    private final Timing timing;
    private final Duration atMost;
    private final BooleanSupplier busy;
    private volatile long since;

    /**
     * Begins to count.
     *
     * @param atMost how long a worker may have nothing to do
     * @param busy   whether it has something to do now
     */
    Idleness(Timing timing, Duration atMost, BooleanSupplier busy) {
        this.timing = timing;
        this.atMost = atMost;
        this.busy = busy;
        this.since = timing.nanos();
    }

    /** Something began or ended: what came before counts no more. */
    void interrupted() {
        since = timing.nanos();
    }

    /** How long it may still have nothing to do; zero or less: it has had nothing to do for too long. */
    Duration remaining() {
        return busy.getAsBoolean() ? atMost : atMost.minus(timing.since(since));
    }
}
