package org.atelier.dispatcher.ingest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import org.atelier.common.event.Event;
import org.atelier.common.event.EventPublisher;
import org.atelier.common.event.Message;
import org.atelier.common.event.MessageType;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.atelier.common.kafka.EventCodec.Decoded;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.common.request.Violation;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.intake.Admission;
import org.atelier.dispatcher.intake.Intake;
import org.atelier.dispatcher.metrics.Metrics;
import org.atelier.dispatcher.projection.Projection;
import org.atelier.dispatcher.schedule.Bell;
import org.atelier.dispatcher.schedule.Pools;
import org.atelier.dispatcher.topic.BatchHandler;
import org.atelier.dispatcher.topic.Received;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in the requests topic. What came over HTTP is a job already and joins the backlog; what a producer wrote goes
 * through the same intake here. A refusal is told under a key of its own, so that it can hide no job's result.
 */
public final class RequestIngest implements BatchHandler {
    private static final Logger LOG = LoggerFactory.getLogger(RequestIngest.class);

    private final Intake intake;
    private final Projection projection;
    private final EventPublisher events;
    private final Pools pools;
    private final Metrics metrics;
    private final Bell bell;
    private final Executor executor;

    /**
     * @param bell     rung when the backlog has grown
     * @param executor for the look-ups in the store, which are many and wait for each other for nothing
     */
    public RequestIngest(Intake intake, Projection projection, EventPublisher events, Pools pools, Metrics metrics,
            Bell bell, Executor executor) {
        this.intake = intake;
        this.projection = projection;
        this.events = events;
        this.pools = pools;
        this.metrics = metrics;
        this.bell = bell;
        this.executor = executor;
    }

    @Override
    public void handle(List<Received> batch) {
        // In one order for all who write, so that of two transactions none waits for the other in a circle.
        var jobs = decided(batch).stream().sorted(Comparator.comparing(job -> job.job().value())).toList();
        projection.write(write -> {
            jobs.forEach(job -> write.admit(job, pool(job)));
            Positions.write(batch, write);
        });
        bell.ring();
    }

    private @Nullable String pool(StoredRequest job) {
        return pools.poolOf(JobType.of(job.submission().request())).orElse(null);
    }

    /** Decides about records at once, but about those of one key one after the other: of two, the first one wins. */
    private List<StoredRequest> decided(List<Received> batch) {
        var byKey = new LinkedHashMap<String, List<Received>>();
        batch.forEach(record -> byKey.computeIfAbsent(key(record), key -> new ArrayList<>()).add(record));
        var decisions = byKey.values().stream()
                .map(records -> CompletableFuture.supplyAsync(() -> records.stream()
                        .map(this::decide)
                        .flatMap(Optional::stream)
                        .toList(), executor))
                .toList();
        return decisions.stream().flatMap(decision -> decision.join().stream()).toList();
    }

    private static String key(Received record) {
        return record.content() instanceof Decoded.Understood understood && understood.event().subject() != null
                ? understood.event().subject()
                : record.place();
    }

    private Optional<StoredRequest> decide(Received record) {
        return switch (record.content()) {
            case Decoded.Understood understood -> decide(record.topic(), understood.event());
            case Decoded.Retracted retracted -> passOver(record, null, null, "the record has no value");
            case Decoded.Newer newer -> passOver(record, newer.source(), newer.id(), "has the type " + newer.type()
                    + ", which is newer than this dispatcher; send " + MessageType.JOB_REQUESTED.wireName());
            case Decoded.Unreadable unreadable -> passOver(record, unreadable.source(), unreadable.id(), unreadable
                    .reason());
        };
    }

    /** What does not even say who sent it cannot be answered. */
    private Optional<StoredRequest> passOver(Received record, @Nullable String source, @Nullable String id,
            String reason) {
        LOG.warn("{} is passed over: {}", record.place(), reason);
        metrics.unreadable(record.topic());
        return source == null || id == null
                ? Optional.empty()
                : refuse(record.topic(), source, id, List.of(new Violation("", reason)));
    }

    private Optional<StoredRequest> decide(String topic, Event event) {
        var who = Topics.tenantOfRequests(topic).map(Principal::producerOf).orElse(Principal.PRODUCER);
        if (!(event.message() instanceof Message.JobRequested requested)) {
            return refuse(topic, event, List.of(new Violation("", "has the type " + MessageType.of(event.message())
                    .wireName()
                    + "; this topic takes " + MessageType.JOB_REQUESTED.wireName())));
        }
        JobId job;
        try {
            job = job(who, event);
        } catch (IllegalArgumentException e) {
            return refuse(topic, event, List.of(new Violation("subject", String.valueOf(e.getMessage()))));
        }
        return switch (intake.admit(who, job, requested.submission(), event.trace())) {
            case Admission.Accepted accepted -> {
                metrics.accepted(JobType.of(accepted.request().submission().request()), Metrics.Channel.KAFKA);
                yield Optional.of(accepted.request());
            }
            case Admission.Known known -> Optional.of(known.request());
            case Admission.Conflict conflict -> refuse(topic, event, List.of(new Violation("subject", "names the job "
                    + job
                    + ", which another request has made; choose another id")));
            // The record outlives what it asked for; that it is read again changes nothing.
            case Admission.Erased erased -> Optional.empty();
            case Admission.OverQuota over -> throw new IllegalStateException("a quota refused a record: " + over);
            case Admission.Refused refused -> refuse(topic, event, refused.violations());
        };
    }

    /** The job that an event asks for: the one it names, or one that the same event always gives. */
    private static JobId job(Principal who, Event event) {
        return event.subject() != null
                ? new JobId(event.subject())
                : JobId.ofKey(who.tenant(), event.source() + " " + event.id());
    }

    private Optional<StoredRequest> refuse(String topic, Event event, List<Violation> violations) {
        return refuse(topic, event.source().toString(), event.id(), violations);
    }

    /** A refusal is told where those read who may write to the topic, and nobody else. */
    private Optional<StoredRequest> refuse(String topic, String source, String id, List<Violation> violations) {
        LOG.info("the request {} of {} is refused: {}", id, source, violations);
        metrics.refused(Metrics.Channel.KAFKA);
        events.publishAndWait(Topics.tenantOfRequests(topic).map(Topics::results).orElse(Topics.RESULTS),
                new Message.RequestRefused(source, id, violations));
        return Optional.empty();
    }
}
