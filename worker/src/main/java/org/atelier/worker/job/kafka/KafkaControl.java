package org.atelier.worker.job.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.atelier.common.event.Message.CancelRequested;
import org.atelier.common.event.Message.JobErased;
import org.atelier.common.kafka.EventCodec;
import org.atelier.common.kafka.EventCodec.Decoded;
import org.atelier.common.kafka.KafkaSettings;
import org.atelier.common.kafka.Refusals;
import org.atelier.common.kafka.Topics;
import org.atelier.worker.job.slot.ControlListener;
import org.atelier.worker.job.time.Flag;
import org.atelier.worker.job.time.Timing;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to the broadcast of cancels, from now on: every worker reads all of it, so it is in no group. It only makes
 * cancels quick: whatever it misses is found in the ledger by the next heartbeat. Driven from outside, by one thread.
 */
final class KafkaControl implements ControlListener {
    private static final Logger log = LoggerFactory.getLogger(KafkaControl.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final CloseOptions CLOSE = CloseOptions.timeout(Duration.ofSeconds(2));

    private final KafkaSettings kafka;
    private final String clientId;
    private final Consumer<CancelRequested> onCancel;
    private final Consumer<JobErased> onErase;
    private final Flag stopped;
    private @Nullable KafkaConsumer<String, byte[]> consumer;

    /**
     * @param onCancel called by the thread that takes the turns
     * @param onErase  called by the thread that takes the turns
     */
    KafkaControl(KafkaSettings kafka, String clientId, Consumer<CancelRequested> onCancel, Consumer<JobErased> onErase,
            Timing timing) {
        this.kafka = kafka;
        this.clientId = clientId;
        this.onCancel = onCancel;
        this.onErase = onErase;
        this.stopped = timing.newFlag();
    }

    @Override
    public boolean turn() {
        if (stopped.isRaised()) {
            close();
            return false;
        }
        try {
            if (consumer == null) {
                consumer = open();
            }
            consumer.poll(POLL).forEach(this::read);
        } catch (KafkaException | IllegalStateException e) {
            log.warn("the broadcast of cancels cannot be heard; cancels are found by the heartbeat instead: {}",
                    Refusals
                            .explained(e).orElse(e.toString()));
            close();
            stopped.await(PAUSE);
        }
        return true;
    }

    @Override
    public void stop() {
        stopped.raise();
    }

    private KafkaConsumer<String, byte[]> open() {
        var opened = new KafkaConsumer<>(kafka.client(clientId, Map.of(
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest")), new StringDeserializer(),
                new ByteArrayDeserializer());
        try {
            var partitions = Optional.ofNullable(opened.partitionsFor(Topics.CONTROL)).orElse(List.of()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            opened.assign(partitions);
            opened.seekToEnd(partitions);
            return opened;
        } catch (KafkaException e) {
            opened.close(CLOSE);
            throw e;
        }
    }

    private void read(ConsumerRecord<String, byte[]> record) {
        var message = EventCodec.decode(record.key(), record.headers(), record
                .value()) instanceof Decoded.Understood known
                        ? known.event().message()
                        : null;
        if (message instanceof CancelRequested cancel) {
            onCancel.accept(cancel);
        } else if (message instanceof JobErased erased) {
            onErase.accept(erased);
        } else {
            log.warn("a record of {} at offset {} is not understood and is passed over", record.topic(), record
                    .offset());
        }
    }

    private void close() {
        var open = consumer;
        consumer = null;
        if (open != null) {
            open.close(CLOSE);
        }
    }
}
