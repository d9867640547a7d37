package org.atelier.worker.job.attempt;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;

import org.atelier.common.event.EventPublisher;
import org.atelier.common.event.Message;
import org.atelier.common.event.Message.AttemptProgressed;
import org.atelier.common.event.Message.AttemptStarted;
import org.atelier.common.kafka.Topics;
import org.atelier.common.trace.TraceContext;
import org.atelier.worker.job.metrics.WorkerMetrics;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the events of one attempt that nobody waits for. A publisher may block while Kafka is away, so this happens on a
 * thread of its own; of progress that piles up meanwhile only the newest is sent.
 */
final class Courier {
    private static final Logger log = LoggerFactory.getLogger(Courier.class);

    private final EventPublisher events;
    private final Executor thread;
    private final WorkerMetrics metrics;
    private final @Nullable TraceContext trace;
    private final AtomicReference<@Nullable AttemptProgressed> waiting = new AtomicReference<>();

    /**
     * @param thread runs what it is given in order
     * @param trace  the attempt's span; {@code null} where there is none
     */
    Courier(EventPublisher events, Executor thread, WorkerMetrics metrics, @Nullable TraceContext trace) {
        this.events = events;
        this.thread = thread;
        this.metrics = metrics;
        this.trace = trace;
    }

    /** Says that the attempt has started. */
    void started(AttemptStarted started) {
        handOver(() -> send(started));
    }

    /** Says how far the attempt is. */
    void progress(AttemptProgressed progress) {
        if (waiting.getAndSet(progress) == null) {
            handOver(this::sendNewest);
        }
    }

    private void handOver(Runnable sending) {
        try {
            thread.execute(sending);
        } catch (RejectedExecutionException e) {
            // The worker has left without waiting for this attempt.
            lost(e);
        }
    }

    private void sendNewest() {
        var newest = waiting.getAndSet(null);
        if (newest != null) {
            send(newest);
        }
    }

    private void send(Message message) {
        publish(message).whenComplete((nothing, problem) -> {
            if (problem != null) {
                lost(problem);
            }
        });
    }

    private void lost(Throwable problem) {
        metrics.eventLost();
        log.debug("an event was lost; the next one says as much", problem);
    }

    private CompletableFuture<Void> publish(Message message) {
        try {
            return events.publish(Topics.EVENTS, message, trace);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
