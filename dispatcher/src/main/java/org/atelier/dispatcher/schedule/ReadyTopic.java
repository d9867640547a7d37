package org.atelier.dispatcher.schedule;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.atelier.common.event.Message;

/** The ready topics of the pools. */
public interface ReadyTopic {
    /**
     * Feeds an attempt.
     *
     * @return done when the record is durable, with where it lies; completed exceptionally with a
     *         {@link org.atelier.common.event.PublishException} when nothing is known about whether it was written
     */
    CompletableFuture<ReadyRecord> feed(String pool, Message.AttemptReady ready);

    /**
     * The first offset, for each partition, that the pool's share group is not done with. Partitions that the group keeps no
     * state of are left out.
     *
     * @throws org.atelier.dispatcher.fault.UnavailableException when Kafka does not answer
     */
    Map<Integer, Long> startOffsets(String pool);

    /**
     * Removes the records that the pool's share group is done with.
     *
     * @throws org.atelier.dispatcher.fault.UnavailableException when Kafka does not answer
     */
    void trim(String pool);
}
