package org.atelier.dispatcher.schedule;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Makes a round whenever there is news, and every so often without. */
public final class SchedulerThread implements AutoCloseable {
    /** Longest time between two rounds: what only the passing of time brings about waits this long. */
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final Scheduler scheduler;
    private final Bell bell;
    private final BooleanSupplier mayDecide;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * @param bell      rung when there is news
     * @param mayDecide whether enough is known to decide; until it is, no round is made
     */
    public SchedulerThread(Scheduler scheduler, Bell bell, BooleanSupplier mayDecide) {
        this.scheduler = scheduler;
        this.bell = bell;
        this.mayDecide = mayDecide;
        this.thread = Thread.ofPlatform().name("scheduler").unstarted(this::run);
    }

    /** Starts. */
    public void start() {
        thread.start();
    }

    /** Whether it is at work. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    private void run() {
        while (!closed) {
            if (mayDecide.getAsBoolean()) {
                scheduler.step();
            }
            try {
                bell.await(INTERVAL);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Lets the present round finish, and stops. */
    @Override
    public void close() {
        closed = true;
        bell.ring();
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            // Whoever stops us is in a hurry: the round ends with the process, and its rest is decided after the next start.
            Thread.currentThread().interrupt();
        }
    }
}
