package org.atelier.dispatcher.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.atelier.common.kafka.EventCodec.Decoded;
import org.atelier.dispatcher.topic.Received;
import org.junit.jupiter.api.Test;

class TopicReaderTest {
    private static final String TOPIC = "atelier.events";
    private static final int PARTITIONS = 2;
    private static final int RECORDS = 5;

    private final AtomicInteger opened = new AtomicInteger();
    private final Map<Integer, Long> positions = new ConcurrentHashMap<>();
    private final List<Received> taken = new CopyOnWriteArrayList<>();

    /** A consumer of a topic whose partitions hold records 0 to 4 each. */
    private Consumer<String, byte[]> consumer() {
        opened.incrementAndGet();
        var consumer = new MockConsumer<String, byte[]>("earliest");
        var partitions = IntStream.range(0, PARTITIONS).mapToObj(number -> new TopicPartition(TOPIC, number)).toList();
        consumer.updatePartitions(TOPIC, partitions.stream()
                .map(partition -> new PartitionInfo(TOPIC, partition.partition(), Node.noNode(), new Node[0],
                        new Node[0]))
                .toList());
        consumer.updateBeginningOffsets(partitions.stream().collect(Collectors.toMap(partition -> partition,
                partition -> 0L)));
        consumer.updateEndOffsets(partitions.stream().collect(Collectors.toMap(partition -> partition,
                partition -> (long) RECORDS)));
        consumer.schedulePollTask(() -> partitions.forEach(partition -> IntStream.range(0, RECORDS).forEach(
                offset -> consumer.addRecord(new ConsumerRecord<>(TOPIC, partition.partition(), offset, "key",
                        "no event"
                                .getBytes(StandardCharsets.UTF_8))))));
        return consumer;
    }

    private void take(List<Received> batch) {
        taken.addAll(batch);
        batch.forEach(record -> positions.merge(record.partition(), record.offset() + 1, Math::max));
    }

    private List<String> places() {
        return taken.stream().map(Received::place).sorted().toList();
    }

    @Test
    void readsFromWhereItWasAndOtherPartitionsFromTheirBeginning() {
        positions.put(1, 3L);
        positions.put(7, 100L);
        try (var reader = new TopicReader("reader", List.of(TOPIC), this::consumer, topic -> positions, this::take)) {
            assertThat(reader.isCaughtUp()).isFalse();
            reader.start();
            await().until(reader::isCaughtUp);
            assertThat(reader.isAlive()).isTrue();
        }
        assertThat(places()).containsExactly(TOPIC + "/0/0", TOPIC + "/0/1", TOPIC + "/0/2", TOPIC + "/0/3", TOPIC
                + "/0/4", TOPIC + "/1/3", TOPIC + "/1/4");
        assertThat(taken).allSatisfy(record -> assertThat(record.content()).isInstanceOf(Decoded.Unreadable.class));
    }

    @Test
    void afterAFailureItBeginsAgainWhereItWas() {
        var calls = new AtomicInteger();
        try (var reader = new TopicReader("reader", List.of(TOPIC), this::consumer, topic -> positions, batch -> {
            if (calls.incrementAndGet() == 1) {
                take(batch.subList(0, 2));
                throw new IllegalStateException("in the middle, as the test wants it");
            }
            take(batch);
        })) {
            reader.start();
            await().until(reader::isCaughtUp);
        }
        assertThat(opened).hasValue(2);
        assertThat(places()).hasSize(PARTITIONS * RECORDS).doesNotHaveDuplicates();
    }

    @Test
    void oneThatWasNeverStartedCanBeClosed() {
        var reader = new TopicReader("reader", List.of(TOPIC), this::consumer, topic -> positions, this::take);

        reader.close();

        assertThat(opened).hasValue(0);
    }
}
