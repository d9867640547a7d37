package org.atelier.common.kafka;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.atelier.common.event.Event;
import org.atelier.common.event.EventPublisher;
import org.atelier.common.event.Message;
import org.atelier.common.event.PublishException;
import org.atelier.common.trace.TraceContext;
import org.jspecify.annotations.Nullable;

/** Sends events through an idempotent producer with acks=all. */
public final class KafkaEventPublisher implements EventPublisher {
    /** How long one event may take to become durable, retries included. */
    private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Renewable<Producer<String, byte[]>> producers;
    private final URI source;
    private final Clock clock;

    /**
     * Opens a producer.
     *
     * @param clientId what brokers call it
     * @param source   of the events
     */
    public KafkaEventPublisher(KafkaSettings kafka, String clientId, URI source, Clock clock) {
        this(() -> new KafkaProducer<>(
                kafka.client(clientId, Map.of(
                        ProducerConfig.ACKS_CONFIG, "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true,
                        ProducerConfig.LINGER_MS_CONFIG, 0,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG, DELIVERY_TIMEOUT.toMillis(),
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(REQUEST_TIMEOUT.toMillis()),
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Math.toIntExact(DELIVERY_TIMEOUT.toMillis()))),
                new StringSerializer(), new ByteArraySerializer()), source, clock);
    }

    /** For tests: sends through given producers. */
    KafkaEventPublisher(Supplier<Producer<String, byte[]>> producers, URI source, Clock clock) {
        this.producers = new Renewable<>(producers, producer -> producer.close(CLOSE_TIMEOUT), System::nanoTime);
        this.source = source;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<Void> publish(String topic, Message message, @Nullable TraceContext trace) {
        var done = new CompletableFuture<Void>();
        send(topic, Event.of(message, source, clock.instant(), trace), done, metadata -> null);
        return done;
    }

    /** Sends an event that has its name already: one that may be sent again and is the same then. */
    public CompletableFuture<Void> publish(String topic, Event event) {
        var done = new CompletableFuture<Void>();
        send(topic, event, done, metadata -> null);
        return done;
    }

    /** Like {@link #publish}, and tells where the record lies. */
    public CompletableFuture<RecordMetadata> publishAndLocate(String topic, Message message,
            @Nullable TraceContext trace) {
        var done = new CompletableFuture<RecordMetadata>();
        send(topic, Event.of(message, source, clock.instant(), trace), done, metadata -> metadata);
        return done;
    }

    private <T> void send(String topic, Event event, CompletableFuture<T> done,
            Function<RecordMetadata, @Nullable T> answer) {
        var encoded = EventCodec.encode(event);
        send(new ProducerRecord<>(topic, null, null, event.message().key(), encoded.value(), encoded.headers()), done,
                answer);
    }

    @Override
    public CompletableFuture<Void> retract(String topic, String key) {
        var done = new CompletableFuture<Void>();
        send(new ProducerRecord<>(topic, key, null), done, metadata -> null);
        return done;
    }

    private <T> void send(ProducerRecord<String, byte[]> record, CompletableFuture<T> done,
            Function<RecordMetadata, @Nullable T> answer) {
        var producer = producers.get();
        try {
            producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    done.complete(answer.apply(metadata));
                } else {
                    fail(producer, record.topic(), failure, done);
                }
            });
        } catch (RuntimeException e) {
            fail(producer, record.topic(), e, done);
        }
    }

    private void fail(Producer<String, byte[]> producer, String topic, Exception failure, CompletableFuture<?> done) {
        producers.failed(producer, failure);
        done.completeExceptionally(new PublishException(topic, Refusals.explained(failure).orElse(failure.getMessage()),
                failure));
    }

    @Override
    public void close() {
        producers.close();
    }
}
