package org.atelier.dispatcher.schedule;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes somebody who waits for news. A ring that nobody waits for is kept for the next who does. */
public final class Bell {
    private final Semaphore rings = new Semaphore(0);

    /** There is news. */
    public void ring() {
        rings.release();
    }

    /**
     * Waits for a ring, if there was none since the last wait.
     *
     * @return whether there was one
     */
    public boolean await(Duration atMost) throws InterruptedException {
        boolean rung = rings.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
        rings.drainPermits();
        return rung;
    }
}
