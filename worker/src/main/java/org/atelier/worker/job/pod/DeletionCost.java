package org.atelier.worker.job.pod;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps told whether a worker is busy. It looks every few seconds, tells what has changed since, and so asks little of the API server
 * however short jobs are. Whatever goes wrong costs at most that a busy pod goes before an idle one, which hands its jobs back then.
 */
public final class DeletionCost implements AutoCloseable {
    /** Any number above that of an idle pod, which has none. */
    static final int BUSY = 100;
    static final int IDLE = 0;

    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Logger log = LoggerFactory.getLogger(DeletionCost.class);

    private final BooleanSupplier busy;
    private final Teller teller;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform()
            .name("pod-deletion-cost").daemon().factory());
    private int told = IDLE;
    private boolean failing;

    /** Tells a cost. */
    @FunctionalInterface
    public interface Teller {
        /** @throws IOException if it is not taken */
        void tell(int cost) throws IOException, InterruptedException;
    }

    /** @param busy whether anything runs now */
    public DeletionCost(BooleanSupplier busy, Teller teller) {
        this.busy = busy;
        this.teller = teller;
    }

    /** Begins to look. */
    public void start() {
        thread.scheduleWithFixedDelay(this::step, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    void step() {
        int cost = busy.getAsBoolean() ? BUSY : IDLE;
        if (cost == told) {
            return;
        }
        try {
            teller.tell(cost);
            told = cost;
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                log.warn(
                        "the pod's deletion cost cannot be told, so a scale-in may take this busy worker before an idle"
                                + " one; tries again ({})", e.getMessage());
            }
            failing = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
