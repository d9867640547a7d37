package org.atelier.common.kafka;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.atelier.common.event.Event;
import org.atelier.common.event.Message;
import org.atelier.common.event.PublishException;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.json.Json;
import org.atelier.common.kafka.EventCodec.Decoded;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.trace.TraceContext;

/**
 * A fleet, as a service in Java uses it that speaks Kafka with it and nothing else: requests are written to
 * {@link Topics#REQUESTS}, ends are read from {@link Topics#RESULTS}, or both in a tenant's own topics. Safe for use by several threads.
 *
 * <p>A job is named by its caller, so that a service which died may submit it again under its name: it is the same job. What
 * it waited for before its death it asks for with {@link #await}.
 */
public final class KafkaJobs implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);

    private final KafkaEventPublisher publisher;
    private final String requestsTopic;
    private final String resultsTopic;
    private final URI source;
    private final Clock clock;
    private final Supplier<Optional<TraceContext>> trace;
    private final Supplier<Consumer<String, byte[]>> consumers;
    private final Map<String, CompletableFuture<Manifest>> waiting = new ConcurrentHashMap<>();
    private final Consumer<String, byte[]> results;
    private final Thread reader;
    private volatile boolean closed;

    /**
     * Opens a producer and a consumer of the topics of all who are trusted; what ends from now on is heard.
     *
     * @param service name of the service; events have the source {@code /service/<name>}
     */
    public KafkaJobs(KafkaSettings kafka, String service, Clock clock) {
        this(kafka, service, clock, Optional::empty);
    }

    /**
     * Opens a producer and a consumer of the topics of all who are trusted, for a service whose traces the fleet goes on with.
     *
     * @param service name of the service; events have the source {@code /service/<name>}
     * @param trace   the span that is current in the thread that asks, from the service's tracing library
     *                ({@link TraceContext#of}); empty where there is none
     */
    public KafkaJobs(KafkaSettings kafka, String service, Clock clock, Supplier<Optional<TraceContext>> trace) {
        this(kafka, service, Topics.REQUESTS, Topics.RESULTS, clock, trace);
    }

    /**
     * Opens a producer and a consumer of a tenant's own topics, which the fleet must have for it.
     *
     * @param service name of the service; events have the source {@code /service/<name>}
     */
    public static KafkaJobs ofTenant(KafkaSettings kafka, String service, String tenant, Clock clock) {
        return ofTenant(kafka, service, tenant, clock, Optional::empty);
    }

    /**
     * Opens a producer and a consumer of a tenant's own topics, for a service whose traces the fleet goes on with.
     *
     * @param service name of the service; events have the source {@code /service/<name>}
     * @param trace   the span that is current in the thread that asks; empty where there is none
     */
    public static KafkaJobs ofTenant(KafkaSettings kafka, String service, String tenant, Clock clock,
            Supplier<Optional<TraceContext>> trace) {
        return new KafkaJobs(kafka, service, Topics.requests(tenant), Topics.results(tenant), clock, trace);
    }

    private KafkaJobs(KafkaSettings kafka, String service, String requestsTopic, String resultsTopic, Clock clock,
            Supplier<Optional<TraceContext>> trace) {
        this(new KafkaEventPublisher(kafka, service, source(service), clock), requestsTopic, resultsTopic, source(
                service), clock, trace, () -> new KafkaConsumer<>(kafka.client(service, Map.of(
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest")), new StringDeserializer(),
                        new ByteArrayDeserializer()));
    }

    KafkaJobs(KafkaEventPublisher publisher, String requestsTopic, String resultsTopic, URI source, Clock clock,
            Supplier<Optional<TraceContext>> trace, Supplier<Consumer<String, byte[]>> consumers) {
        this.publisher = publisher;
        this.requestsTopic = requestsTopic;
        this.resultsTopic = resultsTopic;
        this.source = source;
        this.clock = clock;
        this.trace = trace;
        this.consumers = consumers;
        this.results = consumers.get();
        var partitions = assign(results);
        results.seekToEnd(partitions);
        // Only now the end is looked up; left to the reader, it could lie behind the result of a job submitted below.
        partitions.forEach(results::position);
        this.reader = Thread.ofVirtual().name("results").start(this::read);
    }

    private static URI source(String service) {
        return URI.create("/service/" + service);
    }

    private List<TopicPartition> assign(Consumer<String, byte[]> consumer) {
        var partitions = consumer.partitionsFor(resultsTopic)
                .stream()
                .map(info -> new TopicPartition(resultsTopic, info.partition()))
                .toList();
        consumer.assign(partitions);
        return partitions;
    }

    /**
     * Submits a job.
     *
     * @param job its name; submitted again with the same submission it is the same job
     * @return how its run ended, failures and cancels too. Completed exceptionally with a {@link RequestRefusedException} if the
     *         fleet will not run it, with a {@link PublishException} if nobody knows whether it was written (submit it again)
     * @throws IllegalArgumentException if the submission is larger than an event may be
     */
    public CompletableFuture<Manifest> submit(JobId job, JobSubmission submission) {
        var end = waitFor(job);
        // The event's id is the job's, so that a repeat is one event to everybody, and a refusal can be told apart.
        var event = new Event(job.value(), source, clock.instant(), job.value(), new Message.JobRequested(job.value(),
                Json.tree(submission)), trace.get().orElse(null));
        publisher.publish(requestsTopic, event).whenComplete((written, failure) -> {
            if (failure != null) {
                end.completeExceptionally(failure);
            }
        });
        return end;
    }

    /**
     * The end of a job that was submitted before, by whomever: of one that has ended too, as long as the fleet keeps results.
     * Reads all that are kept, once for each call.
     */
    public CompletableFuture<Manifest> await(JobId job) {
        var end = waitFor(job);
        Thread.ofVirtual().name("past-results").start(() -> readPast(end));
        return end;
    }

    private CompletableFuture<Manifest> waitFor(JobId job) {
        var end = waiting.computeIfAbsent(job.value(), name -> new CompletableFuture<>());
        end.whenComplete((manifest, failure) -> waiting.remove(job.value(), end));
        if (closed) {
            end.completeExceptionally(new IllegalStateException("closed"));
        }
        return end;
    }

    private void read() {
        try (results) {
            while (!closed) {
                tell(results.poll(POLL));
            }
        } catch (WakeupException e) {
            failAll(new IllegalStateException("closed", e));
        } catch (RuntimeException e) {
            failAll(e);
        }
    }

    private void readPast(CompletableFuture<Manifest> end) {
        try (var past = consumers.get()) {
            var partitions = assign(past);
            past.seekToBeginning(partitions);
            var ends = past.endOffsets(partitions);
            while (!closed && !end.isDone() && partitions.stream().anyMatch(each -> past.position(each) < ends.get(
                    each))) {
                tell(past.poll(POLL));
            }
        } catch (RuntimeException e) {
            end.completeExceptionally(e);
        }
    }

    private void tell(ConsumerRecords<String, byte[]> records) {
        for (var record : records) {
            // A result of a newer fleet, which this cannot read, is none of a job that this could have submitted.
            if (EventCodec.decode(record.key(), record.headers(), record.value()) instanceof Decoded.Understood known) {
                tell(known.event().message());
            }
        }
    }

    private void tell(Message message) {
        switch (message) {
            case Message.RunEnded ended -> {
                var end = waiting.get(ended.key());
                if (end != null) {
                    end.complete(ended.manifest());
                }
            }
            case Message.RequestRefused refused when refused.source().equals(source.toString()) -> {
                var end = waiting.get(refused.eventId());
                if (end != null) {
                    end.completeExceptionally(new RequestRefusedException(refused.violations()));
                }
            }
            default -> {
                // Of somebody else, or nothing that ends a job.
            }
        }
    }

    private void failAll(RuntimeException reason) {
        closed = true;
        waiting.values().forEach(end -> end.completeExceptionally(reason));
    }

    /** What is still awaited ends exceptionally; the jobs go on. */
    @Override
    public void close() {
        closed = true;
        results.wakeup();
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        failAll(new IllegalStateException("closed"));
        publisher.close();
    }
}
