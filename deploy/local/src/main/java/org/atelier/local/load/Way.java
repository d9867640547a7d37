package org.atelier.local.load;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.atelier.common.event.Message;
import org.atelier.common.job.JobId;
import org.atelier.common.kafka.EventCodec;
import org.atelier.common.kafka.KafkaSettings;
import org.atelier.common.kafka.Topics;

/** When each job came how far, by what those say of themselves who did it: all of it is one machine's clock. */
final class Way implements AutoCloseable {
    /** How far a job is. */
    enum Step {
        ACCEPTED, FED, STARTED, ENDED
    }

    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<String, byte[]> consumer;
    private final Map<JobId, Map<Step, Instant>> seen = new HashMap<>(); // guarded by this
    private final Map<Step, Integer> counts = new EnumMap<>(Step.class); // guarded by this
    private final Thread thread;
    private volatile boolean closed;

    /** Sees what happens from now on. */
    Way(KafkaSettings kafka) {
        this.consumer = new KafkaConsumer<>(kafka.client("load-watch", Map.of()), new StringDeserializer(),
                new ByteArrayDeserializer());
        var partitions = new ArrayList<TopicPartition>();
        for (var topic : List.of(Topics.EVENTS, Topics.RESULTS)) {
            consumer.partitionsFor(topic).forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        this.thread = Thread.ofPlatform().name("load-watch").start(this::read);
    }

    private void read() {
        try (consumer) {
            while (!closed) {
                take(consumer.poll(POLL));
            }
        } catch (WakeupException e) {
            // Only close() does that.
            closed = true;
        }
    }

    private synchronized void take(ConsumerRecords<String, byte[]> records) {
        for (var record : records) {
            if (EventCodec.decode(record.key(), record.headers(),
                    record.value()) instanceof EventCodec.Decoded.Understood known) {
                take(record.topic(), known.event().message(), known.event().time());
            }
        }
        notifyAll();
    }

    private void take(String topic, Message message, Instant time) {
        switch (message) {
            case Message.RunQueued queued -> note(queued.job(), Step.ACCEPTED, time);
            case Message.AttemptReady ready -> note(ready.job(), Step.FED, time);
            case Message.AttemptStarted started -> note(started.job(), Step.STARTED, time);
            case Message.RunEnded ended when topic.equals(Topics.RESULTS) -> note(ended.job(), Step.ENDED, time);
            default -> {
                // Signs of life, and what happens only when something is wrong.
            }
        }
    }

    private void note(JobId job, Step step, Instant time) {
        if (seen.computeIfAbsent(job, name -> new EnumMap<>(Step.class)).putIfAbsent(step, time) == null) {
            counts.merge(step, 1, Integer::sum);
        }
    }

    /** Waits until all of some jobs are so far; returns when the last of them was. */
    synchronized Instant await(Step step, Collection<JobId> jobs, Duration atMost) throws InterruptedException {
        var missing = new HashSet<>(jobs);
        waitFor(step, atMost, () -> {
            missing.removeIf(job -> seen.getOrDefault(job, Map.of()).containsKey(step));
            return missing.size();
        });
        return jobs.stream().map(job -> at(job, step)).max(Instant::compareTo).orElseThrow();
    }

    /** Waits until so many jobs are so far, whichever they are. */
    synchronized void await(Step step, int jobs, Duration atMost) throws InterruptedException {
        waitFor(step, atMost, () -> Math.max(0, jobs - counts.getOrDefault(step, 0)));
    }

    private interface Missing {
        int count();
    }

    private void waitFor(Step step, Duration atMost, Missing missing) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        for (int left = missing.count(); left > 0; left = missing.count()) {
            long millis = (end - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                throw new IllegalStateException("After " + atMost.toSeconds() + " s " + left + " jobs are not "
                        + step.name().toLowerCase(java.util.Locale.ROOT)
                        + "; the logs of the fleet say why.");
            }
            wait(millis);
        }
    }

    /** How many jobs are so far. */
    synchronized int count(Step step) {
        return counts.getOrDefault(step, 0);
    }

    /** When a job was so far, which must be known. */
    synchronized Instant at(JobId job, Step step) {
        return Objects.requireNonNull(seen.getOrDefault(job, Map.of()).get(step), () -> job + " is not so far");
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
