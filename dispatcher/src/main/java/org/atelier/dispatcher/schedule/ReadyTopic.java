package org.atelier.dispatcher.schedule;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.atelier.common.event.Message;
import org.atelier.common.trace.TraceContext;
import org.jspecify.annotations.Nullable;

/** The ready topics of the pools. */
public interface ReadyTopic {
    /**
     * Feeds an attempt.
     *
     * @param trace the span of the job's submission; {@code null} where it has none
     * @return done when the record is durable, with where it lies; completed exceptionally with a
     *         {@link org.atelier.common.event.PublishException} when nothing is known about whether it was written
     */
    CompletableFuture<ReadyRecord> feed(String pool, Message.AttemptReady ready, @Nullable TraceContext trace);

    /**
     * For each partition the offset before which the pool's share group is done with every record. Partitions that the group
     * keeps no state of are left out.
     *
     * @throws org.atelier.dispatcher.fault.UnavailableException when Kafka does not answer
     */
    Map<Integer, Long> doneBefore(String pool);

    /**
     * Removes the records that the pool's share group is done with.
     *
     * @throws org.atelier.dispatcher.fault.UnavailableException when Kafka does not answer
     */
    void trim(String pool);
}
