package org.atelier.worker.job.time;

import java.time.Duration;

/**
 * How long things take, and waiting for them. Every wait of the job machinery goes through here: a simulation that
 * implements this decides who runs when.
 *
 * <p>It never tells the time of day: that jumps, and is never compared between machines.
 */
public interface Timing {
    /** Nanoseconds since some moment of this process. */
    long nanos();

    /** A flag that is not raised. */
    Flag newFlag();

    /** How long ago a reading of {@link #nanos()} was. */
    default Duration since(long nanos) {
        return Duration.ofNanos(nanos() - nanos);
    }
}
