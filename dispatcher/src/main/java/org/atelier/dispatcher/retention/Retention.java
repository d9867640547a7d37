package org.atelier.dispatcher.retention;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

import org.atelier.common.event.EventPublisher;
import org.atelier.common.store.ObjectStore;
import org.atelier.dispatcher.metrics.Metrics;
import org.atelier.dispatcher.projection.JobIndex;
import org.atelier.dispatcher.schedule.Bell;
import org.atelier.dispatcher.schedule.RunBook;
import org.atelier.dispatcher.schedule.Scheduler;
import org.atelier.dispatcher.schedule.SchedulerThread;
import org.atelier.dispatcher.schedule.Tenants;
import org.atelier.dispatcher.schedule.Ticker;

/**
 * Puts the parts together that keep the store clean, and drives them by a thread of their own: going through a large store
 * takes minutes, and nobody is to wait for that.
 */
public final class Retention implements AutoCloseable {
    /** A round goes through the store; what it leaves unfinished goes on after the next start. */
    private static final SchedulerThread.Pace PACE = new SchedulerThread.Pace(Duration.ofSeconds(2), Duration.ofSeconds(
            5));

    private final Scheduler parts;
    private final SchedulerThread thread;

    /**
     * @param executor for reading documents
     * @param mayAct   whether enough is known; until it is, nothing is done
     */
    public Retention(RetentionSettings settings, Tenants tenants, ObjectStore store, JobIndex index, RunBook book,
            EventPublisher events, Erasures erasures, Metrics metrics, Executor executor, Ticker ticker, Clock clock,
            BooleanSupplier mayAct) {
        var inventory = new Inventory(store, executor);
        var remover = new Remover(store, executor, ticker);
        var eraser = new Eraser(store, index, book, events, inventory, remover, metrics, ticker, clock);
        var collector = new Collector(store, inventory, new Sweeper(store, remover, settings.grace()), erasures,
                tenants,
                settings, metrics, ticker, clock);
        this.parts = new Scheduler(List.of(new Scheduler.Part("go on with erasures", eraser::step), new Scheduler.Part(
                "collect garbage", collector::step)), metrics);
        this.thread = new SchedulerThread("retention", parts, new Bell(), PACE, mayAct);
    }

    /** Starts. */
    public void start() {
        thread.start();
    }

    /** Whether it is at work. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    /** Goes on with erasures, then with garbage collections. */
    public void step() {
        parts.step();
    }

    /** Lets what is under way finish as far as it can be finished soon, and stops. */
    @Override
    public void close() {
        thread.close();
    }
}
