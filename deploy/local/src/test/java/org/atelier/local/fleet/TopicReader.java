package org.atelier.local.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.atelier.common.event.Event;
import org.atelier.common.kafka.EventCodec;
import org.atelier.common.kafka.EventCodec.Decoded;

/** What stands in a topic, from its first record to its last. */
final class TopicReader {
    private static final Duration POLL = Duration.ofMillis(100);

    private TopicReader() {}

    /** Every event of a topic; a record that is none is a failure. */
    static List<Event> read(LocalFleet fleet, String topic) {
        return records(fleet, topic).stream().map(record -> {
            if (EventCodec.decode(record.key(), record.headers(), record.value()) instanceof Decoded.Understood known) {
                return known.event();
            }
            throw new AssertionError("no event of ours in " + topic + ": " + record);
        }).toList();
    }

    /** Every record of a topic. */
    static List<ConsumerRecord<String, byte[]>> records(LocalFleet fleet, String topic) {
        try (var consumer = new KafkaConsumer<>(fleet.broker().settings().client("reader", Map.of()),
                new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(topic)
                    .stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var records = new ArrayList<ConsumerRecord<String, byte[]>>();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(POLL).forEach(records::add);
            }
            return records;
        }
    }
}
