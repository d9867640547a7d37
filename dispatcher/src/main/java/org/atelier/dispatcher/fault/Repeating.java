package org.atelier.dispatcher.fault;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does the same work every so often, on a thread of its own, and waits while something that it needs is away. */
public final class Repeating implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Repeating.class);

    private final Duration interval;
    private final Runnable work;
    private final String consequence;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);

    /**
     * Work that has not begun.
     *
     * @param name        of the thread
     * @param interval    between two times, and before the first
     * @param consequence what follows for whom while something is away, for the log
     */
    public Repeating(String name, Duration interval, Runnable work, String consequence) {
        this.interval = interval;
        this.work = work;
        this.consequence = consequence;
        this.thread = Thread.ofPlatform().name(name).unstarted(this::run);
    }

    /** Starts. */
    public void start() {
        thread.start();
    }

    /** Whether it was told to stop: long work looks here now and then. */
    public boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void run() {
        boolean away = false;
        try {
            while (!closing.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    work.run();
                    away = false;
                } catch (RuntimeException e) {
                    var outage = Outage.of(e).orElseThrow(() -> e);
                    if (!away) {
                        LOG.warn("{} while {} is away ({})", consequence, outage, e.getMessage());
                    }
                    away = true;
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("told to stop", e);
        }
    }

    /** Waits until the present time is over. */
    @Override
    public void close() {
        closing.countDown();
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
