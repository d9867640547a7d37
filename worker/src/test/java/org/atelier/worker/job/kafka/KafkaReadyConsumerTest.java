package org.atelier.worker.job.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRecordStateException;
import org.atelier.common.kafka.EventCodec.Decoded;
import org.atelier.common.kafka.KafkaSettings;
import org.atelier.worker.job.slot.ConsumerFailedException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the calls of a slot become calls of Kafka's client; what the brokers make of them is for tests with brokers. */
class KafkaReadyConsumerTest {
    private static final String TOPIC = "atelier.ready.edit";
    private static final Duration POLL = Duration.ofMillis(10);

    /** The client's own mock keeps no acknowledgements; this one notes all calls and gives a renewed record again. */
    private static final class NotingConsumer extends MockShareConsumer<String, byte[]> {
        private final List<String> calls = new ArrayList<>();
        private Optional<KafkaException> answer = Optional.empty();
        private RuntimeException broken;
        private boolean givesRenewedAgain = true;
        private ConsumerRecord<String, byte[]> renewed;

        @Override
        public synchronized void acknowledge(ConsumerRecord<String, byte[]> record, AcknowledgeType type) {
            calls.add(type + " " + record.offset());
            renewed = type == AcknowledgeType.RENEW ? record : null;
        }

        @Override
        public synchronized Map<TopicIdPartition, Optional<KafkaException>> commitSync(Duration timeout) {
            calls.add("commitSync");
            if (broken != null) {
                throw broken;
            }
            if (renewed != null && answer.isEmpty() && givesRenewedAgain) {
                addRecord(renewed);
            }
            return Map.of(new TopicIdPartition(Uuid.ONE_UUID, 0, TOPIC), answer);
        }

        @Override
        public synchronized void close(Duration timeout) {
            calls.add("close");
            if (broken != null) {
                throw broken;
            }
            super.close(timeout);
        }
    }

    private final NotingConsumer kafka = new NotingConsumer();
    private final KafkaReadyConsumer consumer = new KafkaReadyConsumer(kafka);

    @BeforeEach
    void fill() {
        kafka.subscribe(List.of(TOPIC));
        add(7);
    }

    private void add(long offset) {
        kafka.addRecord(new ConsumerRecord<>(TOPIC, 0, offset, "key", "no event".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void givesARecordWithItsPlaceAndContent() {
        assertThat(consumer.poll(POLL)).get().satisfies(delivery -> {
            assertThat(delivery.place()).isEqualTo("atelier.ready.edit-0@7");
            assertThat(delivery.content()).isInstanceOf(Decoded.Unreadable.class);
        });
    }

    @Test
    void givesNothingWhereThereIsNothing() {
        consumer.poll(POLL);
        consumer.accept();

        assertThat(consumer.poll(POLL)).isEmpty();
    }

    @Test
    void renewsByAcknowledgingCommittingAndTakingTheRecordAgain() {
        consumer.poll(POLL);

        assertThat(consumer.renew()).isTrue();
        assertThat(consumer.renew()).isTrue();
        assertThat(consumer.accept()).isTrue();
        assertThat(kafka.calls).containsExactly("renew 7", "commitSync", "renew 7", "commitSync", "accept 7",
                "commitSync");
    }

    @Test
    void aRefusedRenewalIsALostLock() {
        consumer.poll(POLL);
        kafka.answer = Optional.of(new InvalidRecordStateException("the lock is gone"));

        assertThat(consumer.renew()).isFalse();
    }

    @Test
    void aRenewalThatDoesNotGiveTheRecordAgainIsALostLock() {
        consumer.poll(POLL);
        kafka.givesRenewedAgain = false;
        assertThat(consumer.renew()).isFalse();
    }

    @Test
    void aRenewalThatGivesAnotherRecordIsALostLock() {
        consumer.poll(POLL);
        kafka.givesRenewedAgain = false;
        add(8);

        assertThat(consumer.renew()).isFalse();
    }

    @Test
    void rejects() {
        consumer.poll(POLL);

        assertThat(consumer.reject()).isTrue();
        assertThat(kafka.calls).containsExactly("reject 7", "commitSync");
    }

    @Test
    void aRefusedAcknowledgementIsSaid() {
        consumer.poll(POLL);
        kafka.answer = Optional.of(new InvalidRecordStateException("the lock is gone"));

        assertThat(consumer.accept()).isFalse();
    }

    @Test
    void whatTheClientThrowsMeansThatItIsOfNoMoreUse() {
        consumer.poll(POLL);
        kafka.broken = new KafkaException("gone");

        assertThatExceptionOfType(ConsumerFailedException.class).isThrownBy(consumer::renew).withMessageContaining(
                "gone");
    }

    @Test
    void closingNeverThrows() {
        kafka.broken = new KafkaException("gone");
        consumer.close();

        assertThat(kafka.calls).containsExactly("close");
    }

    @Test
    void theConsumerIsSetUpAsTheLoopNeedsIt() {
        var properties = new KafkaReadyConsumers(new KafkaSettings("kafka:9092", Map.of("max.poll.records", "500")),
                "edit",
                "worker-slot-0").properties();

        assertThat(properties).containsExactlyInAnyOrderEntriesOf(Map.of(
                "bootstrap.servers", "kafka:9092",
                "client.id", "worker-slot-0",
                "group.id", "atelier-edit",
                "share.acknowledgement.mode", "explicit",
                "share.acquire.mode", "record_limit",
                "max.poll.records", 1));
    }
}
