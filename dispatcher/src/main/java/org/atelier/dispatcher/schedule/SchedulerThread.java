package org.atelier.dispatcher.schedule;

import java.time.Duration;

/** Makes a round whenever there is news, and every so often without. */
public final class SchedulerThread implements AutoCloseable {
    /** Longest time between two rounds: what only the passing of time brings about waits this long. */
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final Scheduler scheduler;
    private final Bell bell;
    private final Thread thread;
    private volatile boolean closed;

    /** @param bell rung when there is news */
    public SchedulerThread(Scheduler scheduler, Bell bell) {
        this.scheduler = scheduler;
        this.bell = bell;
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
            scheduler.step();
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
        try {
            thread.join();
        } catch (InterruptedException e) {
            // Whoever stops us is in a hurry: the round ends with the process, and its rest is decided after the next start.
            Thread.currentThread().interrupt();
        }
    }
}
