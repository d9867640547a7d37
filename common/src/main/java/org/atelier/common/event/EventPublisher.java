package org.atelier.common.event;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.atelier.common.trace.TraceContext;
import org.jspecify.annotations.Nullable;

/** Sends events. Implementations are safe for use by several threads. */
public interface EventPublisher extends AutoCloseable {
    /**
     * Sends a message as an event of now.
     *
     * @param trace the span that it came of; {@code null} where there is none
     * @return done when the event is as durable as the topic is; completed exceptionally with a
     *         {@link PublishException} when that failed or took too long, and nothing is then known about whether it was
     *         written
     */
    CompletableFuture<Void> publish(String topic, Message message, @Nullable TraceContext trace);

    /** Sends a message as an event of now that came of no span. */
    default CompletableFuture<Void> publish(String topic, Message message) {
        return publish(topic, message, null);
    }

    /**
     * Sends, and waits until it is durable.
     *
     * @throws PublishException when that failed or took too long
     */
    default void publishAndWait(String topic, Message message) {
        publishAndWait(topic, message, null);
    }

    /**
     * Sends, and waits until it is durable.
     *
     * @param trace the span that it came of; {@code null} where there is none
     * @throws PublishException when that failed or took too long
     */
    default void publishAndWait(String topic, Message message, @Nullable TraceContext trace) {
        await(topic, publish(topic, message, trace));
    }

    /**
     * Removes what a compacted topic holds under a key: a record without a value, after which compaction drops the earlier
     * ones.
     *
     * @return as of {@link #publish}
     */
    CompletableFuture<Void> retract(String topic, String key);

    /**
     * Removes, and waits until that is durable.
     *
     * @throws PublishException when that failed or took too long
     */
    default void retractAndWait(String topic, String key) {
        await(topic, retract(topic, key));
    }

    private static void await(String topic, CompletableFuture<Void> done) {
        try {
            done.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof PublishException known ? known : new PublishException(topic, e.getCause());
        }
    }

    @Override
    void close();
}
