package org.atelier.worker.job.health;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import org.atelier.common.event.EventPublisher;
import org.atelier.common.event.Message.WorkerAlive;
import org.atelier.common.kafka.Topics;
import org.atelier.worker.job.time.Flag;
import org.atelier.worker.job.time.Timing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says every few seconds, and whenever something changed, that the worker is there. Driven from outside, by a thread that
 * may block while Kafka is away.
 */
public final class Presence {
    private static final Logger log = LoggerFactory.getLogger(Presence.class);

    private final EventPublisher events;
    private final Supplier<WorkerAlive> state;
    private final Duration interval;
    private final Timing timing;
    private final Flag stopped;
    private final AtomicReference<Flag> wake;
    private volatile boolean heard;

    /** @param state what is to be said, at the moment that it is said */
    public Presence(EventPublisher events, Supplier<WorkerAlive> state, Duration interval, Timing timing) {
        this.events = events;
        this.state = state;
        this.interval = interval;
        this.timing = timing;
        this.stopped = timing.newFlag();
        this.wake = new AtomicReference<>(timing.newFlag());
    }

    /**
     * Says it once, and waits until it is to be said again.
     *
     * @return false once it has been stopped
     */
    public boolean turn() {
        if (stopped.isRaised()) {
            return false;
        }
        var next = timing.newFlag();
        // Before the state is read: a change after this line is said in the next turn.
        wake.set(next);
        say();
        if (!stopped.isRaised()) {
            next.await(interval);
        }
        return true;
    }

    private void say() {
        try {
            events.publish(Topics.EVENTS, state.get()).whenComplete((nothing, problem) -> {
                heard = problem == null;
                if (problem != null) {
                    log.warn(
                            "a sign of life was lost; after some seconds of them the dispatcher counts this worker out:"
                                    + " {}", problem.getMessage());
                }
            });
        } catch (RuntimeException e) {
            heard = false;
            log.error("a sign of life could not be made", e);
        }
    }

    /** Whether the last sign of life reached the brokers. */
    public boolean heard() {
        return heard;
    }

    /** Something changed that others should know soon. */
    public void changed() {
        wake.get().raise();
    }

    /** Says it no more. */
    public void stop() {
        stopped.raise();
        changed();
    }
}
