package org.atelier.worker.job.slot;

import java.time.Duration;
import java.util.function.BooleanSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that takes turns until there is none left. */
public final class Loop {
    private static final Logger log = LoggerFactory.getLogger(Loop.class);

    private final Thread thread;
    private final Runnable onDeath;
    private volatile boolean died;

    /**
     * A loop that has not begun.
     *
     * @param name    of the thread
     * @param turn    false: that was the last one
     * @param onDeath called when a turn threw, which none should
     */
    public Loop(String name, BooleanSupplier turn, Runnable onDeath) {
        this.thread = new Thread(() -> run(turn), name);
        this.onDeath = onDeath;
    }

    /** Begins. */
    public void start() {
        thread.start();
    }

    private void run(BooleanSupplier turn) {
        try {
            boolean more = true;
            while (more) {
                more = turn.getAsBoolean();
            }
        } catch (RuntimeException | Error e) {
            died = true;
            log.error("the thread {} has died; the worker leaves, and is to be started anew", thread.getName(), e);
            onDeath.run();
        }
    }

    /** Whether it ended by an exception. */
    public boolean hasDied() {
        return died;
    }

    /**
     * Waits for its end.
     *
     * @return whether it has ended
     */
    public boolean join(Duration atMost) {
        try {
            return thread.join(atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
