package org.atelier.dispatcher.kafka;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.atelier.common.event.Message;
import org.atelier.common.kafka.KafkaEventPublisher;
import org.atelier.common.kafka.Topics;
import org.atelier.common.trace.TraceContext;
import org.atelier.dispatcher.fault.Outage;
import org.atelier.dispatcher.fault.UnavailableException;
import org.atelier.dispatcher.schedule.ReadyRecord;
import org.atelier.dispatcher.schedule.ReadyTopic;
import org.jspecify.annotations.Nullable;

/** The ready topics in Kafka. */
public final class KafkaReadyTopic implements ReadyTopic {
    private final KafkaEventPublisher publisher;
    private final KafkaAdmin admin;

    public KafkaReadyTopic(KafkaEventPublisher publisher, KafkaAdmin admin) {
        this.publisher = publisher;
        this.admin = admin;
    }

    @Override
    public CompletableFuture<ReadyRecord> feed(String pool, Message.AttemptReady ready,
            @Nullable TraceContext trace) {
        return publisher.publishAndLocate(Topics.ready(pool), ready, trace)
                .thenApply(metadata -> new ReadyRecord(metadata.partition(), metadata.offset()));
    }

    @Override
    public Map<Integer, Long> doneBefore(String pool) {
        try {
            return admin.shareGroupOffsets(Topics.shareGroup(pool), Topics.ready(pool))
                    .entrySet()
                    .stream()
                    .collect(Collectors.toMap(info -> info.getKey().partition(), info -> doneBefore(info.getValue())));
        } catch (ApiException e) {
            throw refused("tell how far its share group is", pool, e);
        }
    }

    /**
     * The start offset is written with the next change of the partition only, and so stays behind the last record that was
     * done; but the lag counts that record.
     */
    static long doneBefore(SharePartitionOffsetInfo info) {
        return info.lag().filter(lag -> lag == 0).isPresent() ? Long.MAX_VALUE : info.startOffset();
    }

    @Override
    public void trim(String pool) {
        try {
            var offsets = trimmable(admin.shareGroupOffsets(Topics.shareGroup(pool), Topics.ready(pool)));
            if (!offsets.isEmpty()) {
                admin.deleteBefore(offsets);
            }
        } catch (ApiException e) {
            throw refused("trim its ready topic", pool, e);
        }
    }

    /** Negative offsets are left out with care: to Kafka, deleting before -1 means deleting everything. */
    static Map<TopicPartition, Long> trimmable(Map<TopicPartition, SharePartitionOffsetInfo> infos) {
        return infos.entrySet()
                .stream()
                .filter(info -> info.getValue().startOffset() > 0)
                .collect(Collectors.toMap(Map.Entry::getKey, info -> info.getValue().startOffset()));
    }

    private static UnavailableException refused(String what, String pool, ApiException e) {
        return new UnavailableException(Outage.KAFKA, "Kafka did not " + what + " for the pool " + pool + " (" + e
                + ").", e);
    }
}
