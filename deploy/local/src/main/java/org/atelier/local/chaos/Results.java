package org.atelier.local.chaos;

import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.atelier.chaos.history.Fact;
import org.atelier.chaos.history.History;
import org.atelier.common.event.Message.RunEnded;
import org.atelier.common.job.RunId;
import org.atelier.common.kafka.EventCodec;
import org.atelier.common.kafka.EventCodec.Decoded.Understood;
import org.atelier.common.kafka.KafkaSettings;
import org.atelier.common.kafka.Topics;

/** Reads the results topic as an upstream service does, from its first record, and tells who waits for an end. */
final class Results implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<String, byte[]> consumer;
    private final History history;
    private final Clock clock;
    private final Set<RunId> ended = new HashSet<>();
    private final Thread thread;
    private volatile boolean closing;

    Results(KafkaSettings kafka, History history, Clock clock) {
        this.history = history;
        this.clock = clock;
        this.consumer = new KafkaConsumer<>(kafka.client("chaos-results", Map.of()), new StringDeserializer(),
                new ByteArrayDeserializer());
        var partitions = consumer.partitionsFor(Topics.RESULTS).stream()
                .map(info -> new TopicPartition(Topics.RESULTS, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        this.thread = Thread.ofPlatform().daemon().name("chaos-results").start(this::read);
    }

    private void read() {
        try (consumer) {
            while (!closing) {
                consumer.poll(POLL).forEach(this::take);
            }
        }
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        if (EventCodec.decode(record.key(), record.headers(), record.value()) instanceof Understood known
                && known.event().message() instanceof RunEnded end) {
            var manifest = end.manifest();
            history.add(new Fact.ResultPublished(clock.instant(), manifest.run(), manifest.outcome(), manifest
                    .token()));
            synchronized (this) {
                ended.add(manifest.run());
                notifyAll();
            }
        }
    }

    /** How many of these have not ended yet. */
    synchronized int open(Set<RunId> runs) {
        return (int) runs.stream().filter(run -> !ended.contains(run)).count();
    }

    /**
     * Waits until no more than so many of these have not ended.
     *
     * @return whether it came to that in time
     */
    synchronized boolean await(Set<RunId> runs, int open, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (open(runs) > open) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
