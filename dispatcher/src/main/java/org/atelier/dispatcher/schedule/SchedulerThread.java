package org.atelier.dispatcher.schedule;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.BooleanSupplier;

/** Makes a round whenever there is news, and every so often without. */
public final class SchedulerThread implements AutoCloseable {
    private final Scheduler scheduler;
    private final Bell bell;
    private final Pace pace;
    private final BooleanSupplier mayDecide;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * How often rounds are made, and how they end.
     *
     * @param interval longest time between two rounds: what only the passing of time brings about waits this long
     * @param patience how long a stop waits for a round that is under way before it is interrupted
     */
    public record Pace(Duration interval, Duration patience) {
        /** For rounds that are short, and better not left in the midst. */
        public static final Pace QUICK = new Pace(Duration.ofMillis(500), ChronoUnit.FOREVER.getDuration());
    }

    /**
     * @param name      of the thread
     * @param bell      rung when there is news
     * @param mayDecide whether enough is known to decide; until it is, no round is made
     */
    public SchedulerThread(String name, Scheduler scheduler, Bell bell, Pace pace, BooleanSupplier mayDecide) {
        this.scheduler = scheduler;
        this.bell = bell;
        this.pace = pace;
        this.mayDecide = mayDecide;
        this.thread = Thread.ofPlatform().name(name).unstarted(this::run);
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
                bell.await(pace.interval);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Lets the present round finish as far as that can be waited for, and stops. */
    @Override
    public void close() {
        closed = true;
        bell.ring();
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        try {
            if (!thread.join(pace.patience)) {
                // The next call that can be interrupted breaks off.
                thread.interrupt();
                thread.join();
            }
        } catch (InterruptedException e) {
            // Whoever stops us is in a hurry: the round ends with the process, and its rest is done after the next start.
            Thread.currentThread().interrupt();
        }
    }
}
