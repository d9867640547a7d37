package org.atelier.dispatcher.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.atelier.common.kafka.EventCodec;
import org.atelier.common.kafka.KafkaSettings;
import org.atelier.common.kafka.Refusals;
import org.atelier.dispatcher.topic.BatchHandler;
import org.atelier.dispatcher.topic.Received;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all partitions of some topics on a thread of its own and hands the records on in batches.
 *
 * <p>Where it goes on is not kept in Kafka but by whoever takes the records, together with their effect. After any failure
 * the reader asks for those positions again and starts from there, ever more slowly while it fails.
 */
public final class TopicReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

    private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);

    private final String name;
    private final List<String> topics;
    private final Supplier<Consumer<String, byte[]>> consumers;
    private final Function<String, Map<Integer, Long>> positions;
    private final BatchHandler handler;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private volatile @Nullable Consumer<String, byte[]> current;

    /**
     * @param name      of the thread, and of the client in Kafka's logs
     * @param positions the next offset of each partition of a topic; partitions left out are read from their beginning
     */
    public TopicReader(KafkaSettings kafka, String name, List<String> topics,
            Function<String, Map<Integer, Long>> positions, BatchHandler handler) {
        this(name, topics, () -> new KafkaConsumer<>(kafka.client(name, Map.of(
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")), new StringDeserializer(),
                new ByteArrayDeserializer()), positions, handler);
    }

    /** For tests: reads with given consumers. */
    TopicReader(String name, List<String> topics, Supplier<Consumer<String, byte[]>> consumers,
            Function<String, Map<Integer, Long>> positions, BatchHandler handler) {
        this.name = name;
        this.topics = List.copyOf(topics);
        this.consumers = consumers;
        this.positions = positions;
        this.handler = handler;
        this.thread = Thread.ofPlatform().name(name).unstarted(this::run);
    }

    /** Starts to read. */
    public void start() {
        thread.start();
    }

    /** Whether it is at work. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    /** Whether everything has been taken that was in the topics when the reading began. */
    public boolean isCaughtUp() {
        return caughtUp.getCount() == 0;
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void run() {
        var wait = FIRST_WAIT;
        while (!isClosing()) {
            try (var consumer = consumers.get()) {
                current = consumer;
                assign(consumer);
                var ends = consumer.endOffsets(consumer.assignment());
                while (!isClosing()) {
                    take(consumer.poll(POLL));
                    wait = FIRST_WAIT;
                    noteProgress(consumer, ends);
                }
            } catch (WakeupException | InterruptException e) {
                if (!isClosing()) {
                    LOG.error("{} was interrupted by somebody else than its owner and goes on", name, e);
                }
            } catch (RuntimeException e) {
                LOG.warn("{} could not go on and tries again in {} ms from where it was ({})", name, wait.toMillis(),
                        Refusals
                                .explained(e).orElse(e.toString()));
                LOG.debug("because of", e);
                wait = pause(wait);
            }
        }
    }

    private Duration pause(Duration wait) {
        try {
            closing.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            LOG.debug("{} was woken early", name);
        }
        var longer = wait.multipliedBy(2);
        return longer.compareTo(LONGEST_WAIT) < 0 ? longer : LONGEST_WAIT;
    }

    private void assign(Consumer<String, byte[]> consumer) {
        var partitions = new ArrayList<TopicPartition>();
        for (var topic : topics) {
            for (PartitionInfo partition : consumer.partitionsFor(topic)) {
                partitions.add(new TopicPartition(topic, partition.partition()));
            }
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        for (var topic : topics) {
            positions.apply(topic).forEach((partition, offset) -> {
                var known = new TopicPartition(topic, partition);
                if (partitions.contains(known)) {
                    consumer.seek(known, offset);
                }
            });
        }
    }

    private void take(ConsumerRecords<String, byte[]> records) {
        if (records.isEmpty()) {
            return;
        }
        var batch = new ArrayList<Received>(records.count());
        for (ConsumerRecord<String, byte[]> record : records) {
            batch.add(new Received(record.topic(), record.partition(), record.offset(), EventCodec.decode(record.key(),
                    record.headers(), record.value())));
        }
        handler.handle(batch);
    }

    private void noteProgress(Consumer<String, byte[]> consumer, Map<TopicPartition, Long> ends) {
        if (!isCaughtUp() && ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end
                .getValue())) {
            LOG.info("{} has caught up with {}", name, topics);
            caughtUp.countDown();
        }
    }

    /** Takes no further records, and lets those be finished that were taken. */
    @Override
    public void close() {
        closing.countDown();
        var consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        try {
            if (!thread.join(CLOSE_TIMEOUT)) {
                LOG.warn("{} does not come to an end; what it holds will be read again after the next start", name);
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
