package org.atelier.worker.job.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.atelier.common.kafka.EventCodec;
import org.atelier.common.kafka.Refusals;
import org.atelier.worker.job.slot.ConsumerFailedException;
import org.atelier.worker.job.slot.Delivery;
import org.atelier.worker.job.slot.ReadyConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A share consumer of Kafka, with explicit acknowledgements and one record at a time. */
final class KafkaReadyConsumer implements ReadyConsumer {
    private static final Logger log = LoggerFactory.getLogger(KafkaReadyConsumer.class);

    /** How long an acknowledgement may take; measured: 4 to 17 ms. */
    private static final Duration COMMIT = Duration.ofSeconds(5);
    /** A renewed record is given again at once; a long poll would risk the lock. */
    private static final Duration RENEWAL_POLL = Duration.ofMillis(200);
    /** What Kafka has where nothing else is configured; the client knows better once it has fetched. */
    private static final Duration DEFAULT_LOCK = Duration.ofSeconds(30);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final ShareConsumer<String, byte[]> consumer;
    private @Nullable ConsumerRecord<String, byte[]> held;

    /** @param consumer that has subscribed */
    KafkaReadyConsumer(ShareConsumer<String, byte[]> consumer) {
        this.consumer = consumer;
    }

    @Override
    public Optional<Delivery> poll(Duration atMost) {
        held = calling("poll", () -> next(atMost));
        return Optional.ofNullable(held).map(record -> new Delivery(place(record),
                EventCodec.decode(record.key(), record.headers(), record.value()), lock()));
    }

    private Duration lock() {
        return consumer.acquisitionLockTimeoutMs().map(Duration::ofMillis).orElse(DEFAULT_LOCK);
    }

    /** The first record; there is no second one, by max.poll.records and record_limit. */
    private @Nullable ConsumerRecord<String, byte[]> next(Duration atMost) {
        var records = consumer.poll(atMost).iterator();
        return records.hasNext() ? records.next() : null;
    }

    /** RENEW, commit, and a short poll, which must give the same record again: measured to be the form that works. */
    @Override
    public boolean renew() {
        var before = record();
        held = calling("renew", () -> {
            consumer.acknowledge(before, AcknowledgeType.RENEW);
            return taken(before) ? next(RENEWAL_POLL) : null;
        });
        return held != null && place(held).equals(place(before));
    }

    @Override
    public boolean accept() {
        return acknowledge(AcknowledgeType.ACCEPT);
    }

    @Override
    public boolean reject() {
        return acknowledge(AcknowledgeType.REJECT);
    }

    private boolean acknowledge(AcknowledgeType type) {
        var record = record();
        held = null;
        return calling(type.toString(), () -> {
            consumer.acknowledge(record, type);
            return taken(record);
        });
    }

    private boolean taken(ConsumerRecord<String, byte[]> record) {
        Map<TopicIdPartition, Optional<KafkaException>> answers = consumer.commitSync(COMMIT);
        var problem = answers.values().stream().flatMap(Optional::stream).findFirst();
        problem.ifPresent(e -> log.info("the broker did not take an acknowledgement of {}: {}", place(record), e
                .toString()));
        return problem.isEmpty();
    }

    private ConsumerRecord<String, byte[]> record() {
        var record = held;
        if (record == null) {
            throw new IllegalStateException("no record is held");
        }
        return record;
    }

    @Override
    public void close() {
        try {
            consumer.close(CLOSE);
        } catch (KafkaException | IllegalStateException e) {
            log.warn(
                    "a share consumer could not leave its group; the record that it may hold is free when its lock ends: {}",
                    e.toString());
        }
    }

    /** IllegalStateException: what the client says when it has lost track of a record, for example with its connection. */
    private static <T> T calling(String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (KafkaException | IllegalStateException e) {
            throw new ConsumerFailedException("the share consumer could not " + what + " (" + Refusals.explained(
                    e).orElse(e.toString()) + ")", e);
        }
    }

    private static String place(ConsumerRecord<?, ?> record) {
        return record.topic() + "-" + record.partition() + "@" + record.offset();
    }
}
