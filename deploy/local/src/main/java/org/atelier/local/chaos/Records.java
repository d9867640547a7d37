package org.atelier.local.chaos;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.atelier.common.kafka.KafkaSettings;
import org.atelier.common.kafka.Topics;
import org.jspecify.annotations.Nullable;

/** Writes into a fleet's topics what nobody of the fleet would write. */
final class Records implements AutoCloseable {
    /** The pool of every edit. */
    static final String POOL = "edit";

    private static final Duration POLL = Duration.ofMillis(100);
    private static final int LARGE = 1_000_000;
    private static final int DEEP = 20_000;
    /** Most ready records that are delivered once more. */
    private static final int AGAIN = 4;

    private final KafkaSettings kafka;
    private final KafkaProducer<String, byte[]> producer;

    Records(KafkaSettings kafka) {
        this.kafka = kafka;
        this.producer = new KafkaProducer<>(kafka.client("chaos-records", Map.of()), new StringSerializer(),
                new ByteArraySerializer());
    }

    /** Every kind of garbage into every topic that anybody of the fleet reads. */
    void garbage(Random random) {
        for (var topic : List.of(Topics.REQUESTS, Topics.EVENTS, Topics.CONTROL, Topics.ready(POOL))) {
            garbage(topic, random).forEach(this::send);
        }
    }

    /** Every kind of garbage, for one topic. */
    static List<ProducerRecord<String, byte[]>> garbage(String topic, Random random) {
        var noise = new byte[200];
        random.nextBytes(noise);
        var records = new ArrayList<ProducerRecord<String, byte[]>>();
        var good = "{\"attempt\":\"garbage/1/1\",\"tenant\":\"default\"}";
        records.add(record(topic, "noise", noise, new RecordHeaders()));
        records.add(record(topic, "no-headers", text(good), new RecordHeaders()));
        records.add(record(topic, "no-value", null, event("org.atelier.attempt.ready.v1")));
        records.add(record(topic, null, text(good), event("org.atelier.attempt.ready.v1")));
        for (var type : List.of("attempt.ready", "job.requested", "attempt.progressed", "run.ended",
                "run.cancel-requested")) {
            records.add(record(topic, "truncated", text(good.substring(0, 20)), event(name(type, 1))));
            records.add(record(topic, "not-utf-8", noise, event(name(type, 1))));
            records.add(record(topic, "other-shape", text("{\"attempt\":[1],\"run\":{},\"request\":7}"), event(name(
                    type,
                    1))));
            records.add(record(topic, "nothing", text("null"), event(name(type, 1))));
            records.add(record(topic, "newer", text(good), event(name(type, 99))));
        }
        records.add(record(topic, "large", new byte[LARGE], event(name("attempt.ready", 1))));
        records.add(record(topic, "deep", text("[".repeat(DEEP)), event(name("attempt.ready", 1))));
        records.add(record(topic, "unknown", text("{}"), event("com.example.order")));
        return records;
    }

    private static String name(String type, int major) {
        return "org.atelier." + type + ".v" + major;
    }

    private static Headers event(String type) {
        var headers = new RecordHeaders();
        Map.of("ce_specversion", "1.0", "ce_id", "garbage", "ce_source", "/chaos", "ce_type", type, "content-type",
                "application/json").forEach((name, value) -> headers.add(name, text(value)));
        return headers;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ProducerRecord<String, byte[]> record(String topic, @Nullable String key,
            byte @Nullable [] value, Headers headers) {
        return new ProducerRecord<>(topic, null, key, value, headers);
    }

    /** The newest ready records once more, twice each. */
    void again(Random random) {
        var ready = read(Topics.ready(POOL));
        for (var record : ready.subList(Math.max(0, ready.size() - AGAIN), ready.size())) {
            for (int time = 0; time < 2; time++) {
                send(new ProducerRecord<>(record.topic(), random.nextBoolean() ? record.partition() : null, record
                        .key(),
                        record.value(), record.headers()));
            }
        }
    }

    /** Everything that stands in a topic now. */
    List<ConsumerRecord<String, byte[]>> read(String topic) {
        try (var consumer = new KafkaConsumer<>(kafka.client("chaos-reader", Map.of()), new StringDeserializer(),
                new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
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

    private void send(ProducerRecord<String, byte[]> record) {
        try {
            producer.send(record).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("no record could be written to " + record.topic(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
