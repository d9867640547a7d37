package org.atelier.worker.job.time;

import java.time.Duration;

/** Something that happens once, and that threads can wait for. */
public interface Flag {
    /** Says that it has happened. Saying so again changes nothing. */
    void raise();

    /** Whether it has happened. */
    boolean isRaised();

    /**
     * Waits until it has happened, or until the time is over.
     *
     * @param atMost zero or less: does not wait
     * @return whether it has happened
     */
    boolean await(Duration atMost);
}
