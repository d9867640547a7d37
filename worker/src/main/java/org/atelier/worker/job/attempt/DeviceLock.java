package org.atelier.worker.job.attempt;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one job at a time compute gradients: the engine's gradient collector belongs to the whole process. Slots that wait
 * here keep their lease and can be cancelled.
 */
public final class DeviceLock {
    private static final Logger log = LoggerFactory.getLogger(DeviceLock.class);
    /** How soon a slot that waits notices that its attempt must stop. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Semaphore free = new Semaphore(1, true);

    /**
     * Waits until the right is free, and takes it.
     *
     * @throws org.atelier.worker.job.runner.AttemptStoppedException if the attempt must stop meanwhile
     */
    void take(Lifeline lifeline) {
        if (!free.tryAcquire()) {
            log.info("{}: waits for the job that computes gradients in this process", lifeline.attempt());
            while (!acquired()) {
                lifeline.check();
            }
        }
    }

    /** Lets the next one have it. */
    void giveBack() {
        free.release();
    }

    private boolean acquired() {
        try {
            return free.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("threads of the worker are asked to stop, never interrupted", e);
        }
    }
}
