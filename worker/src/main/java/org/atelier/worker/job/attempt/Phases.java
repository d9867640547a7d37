package org.atelier.worker.job.attempt;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

import org.atelier.worker.job.time.Timing;

/** Where the time of an attempt goes. Used by the attempt's own thread. */
final class Phases {
    /** What an attempt does. */
    enum Phase {
        /** Waits for the job that has the device. */
        WAIT,
        /** Fetches networks and earlier state. */
        LOAD,
        /** Computes. */
        RUN,
        /** Stores results, previews and checkpoints. */
        STORE,
        /** Ends the run. */
        COMMIT
    }

    private static final double NANOS = 1e9;

    private final Timing timing;
    private final Map<Phase, Long> nanos = new EnumMap<>(Phase.class);
    private final long start;
    private Phase current = Phase.LOAD;
    private long since;

    /** Starts with {@link Phase#LOAD}. */
    Phases(Timing timing) {
        this.timing = timing;
        this.start = timing.nanos();
        this.since = start;
    }

    /** From now on the time goes into a phase. Gives the phase before. */
    Phase enter(Phase phase) {
        long now = timing.nanos();
        nanos.merge(current, now - since, Long::sum);
        since = now;
        var before = current;
        current = phase;
        return before;
    }

    /** Does something within a phase, then goes on with the phase before. */
    <T> T within(Phase phase, Supplier<T> what) {
        var before = enter(phase);
        try {
            return what.get();
        } finally {
            enter(before);
        }
    }

    /** Seconds by phase, so far; phases that took none are left out. */
    Map<String, Double> seconds() {
        enter(current);
        var seconds = new TreeMap<String, Double>();
        nanos.forEach((phase, amount) -> {
            if (amount > 0) {
                seconds.put(phase.name().toLowerCase(Locale.ROOT), amount / NANOS);
            }
        });
        return seconds;
    }

    /** The time since the start, for people. */
    String took() {
        return String.format(Locale.ROOT, "%.1f s", total());
    }

    /** Seconds since the start. */
    double total() {
        return (timing.nanos() - start) / NANOS;
    }
}
