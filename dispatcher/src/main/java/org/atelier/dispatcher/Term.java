package org.atelier.dispatcher;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

import org.atelier.dispatcher.kafka.TopicReader;
import org.atelier.dispatcher.rebuild.RebuildThread;
import org.atelier.dispatcher.schedule.Bell;
import org.atelier.dispatcher.schedule.Scheduler;
import org.atelier.dispatcher.schedule.SchedulerThread;

/** What a dispatcher does only while it leads: it reads the topics into the projection, and decides. */
final class Term implements AutoCloseable {
    private final TopicReader requests;
    private final TopicReader events;
    private final SchedulerThread scheduler;
    private final RebuildThread rebuild;

    /**
     * @param rebuild makes the thread that finishes what the topics leave, told whether they are read
     * @param leads   whether the dispatcher still does
     */
    Term(TopicReader requests, TopicReader events, Scheduler scheduler, Bell bell,
            Function<BooleanSupplier, RebuildThread> rebuild, BooleanSupplier leads) {
        this.requests = requests;
        this.events = events;
        // Who has not read what happened would feed again what has ended.
        this.scheduler = new SchedulerThread("scheduler", scheduler, bell, SchedulerThread.Pace.QUICK,
                () -> isCaughtUp() && leads.getAsBoolean());
        this.rebuild = rebuild.apply(this::isCaughtUp);
        requests.start();
        events.start();
        this.scheduler.start();
        this.rebuild.start();
    }

    /** Whether everything was read that was in the topics when the term began. */
    boolean isCaughtUp() {
        return requests.isCaughtUp() && events.isCaughtUp();
    }

    /** What has stopped by itself, so that only a restart mends it. */
    Optional<String> problem() {
        return requests.isAlive() && events.isAlive() && scheduler.isAlive()
                ? Optional.empty()
                : Optional.of("has stopped");
    }

    @Override
    public void close() {
        rebuild.close();
        scheduler.close();
        events.close();
        requests.close();
    }
}
