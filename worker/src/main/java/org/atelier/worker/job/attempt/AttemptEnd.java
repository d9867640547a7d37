package org.atelier.worker.job.attempt;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.error.JobFailure;
import org.atelier.common.event.EventPublisher;
import org.atelier.common.event.Message.AttemptFailed;
import org.atelier.common.event.Message.AttemptReady;
import org.atelier.common.event.Message.RunEnded;
import org.atelier.common.event.PublishException;
import org.atelier.common.job.JobType;
import org.atelier.common.json.Json;
import org.atelier.common.kafka.EventCodec;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Claim;
import org.atelier.common.ledger.Creation;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.store.BlobStore;
import org.atelier.common.store.StoreException;
import org.atelier.worker.job.metrics.WorkerMetrics;
import org.atelier.worker.job.runner.JobResult;
import org.atelier.worker.job.trace.AttemptSpan;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ways an attempt can end. A run ends by the creation of its manifest and by nothing else; what comes after that is
 * telling.
 */
final class AttemptEnd {
    private static final Logger log = LoggerFactory.getLogger(AttemptEnd.class);

    private final AttemptReady ready;
    private final Claim claim;
    private final JobType type;
    private final WorkerIdentity worker;
    private final JobLedger ledger;
    private final BlobStore blobs;
    private final EventPublisher events;
    private final ResultAnnouncer announcer;
    private final StoreRetry retry;
    private final Phases phases;
    private final Clock clock;
    private final WorkerMetrics metrics;
    private final AttemptSpan span;

    AttemptEnd(AttemptReady ready, Claim claim, WorkerIdentity worker, JobLedger ledger, BlobStore blobs,
            EventPublisher events,
            StoreRetry retry, Phases phases, Clock clock, WorkerMetrics metrics, AttemptSpan span) {
        this.ready = ready;
        this.claim = claim;
        this.type = JobType.of(ready.submission().request());
        this.worker = worker;
        this.ledger = ledger;
        this.blobs = blobs;
        this.events = events;
        this.announcer = new ResultAnnouncer(events);
        this.retry = retry;
        this.phases = phases;
        this.clock = clock;
        this.metrics = metrics;
        this.span = span;
    }

    /**
     * The runner is done: its result ends the run, unless the run has ended meanwhile.
     *
     * @throws JobException if the end could not be written
     */
    Settlement succeeded(JobResult result) {
        var manifest = manifest(Outcome.SUCCEEDED, result, null);
        checkSize(manifest);
        result.artifacts().forEach(this::rely);
        return end(manifest);
    }

    /** Another job may have made the same bytes and have been erased since: then they are gone, and are made again. */
    private void rely(Artifact artifact) {
        if (!retry.call(() -> blobs.rely(artifact.digest()))) {
            throw new StoreException("The artifact " + artifact.name() + " (" + artifact.digest()
                    + ") is no longer in the store: a job that had made the same one was erased. It is made again.",
                    null);
        }
    }

    /**
     * Somebody wanted the run to end.
     *
     * @param freedAfter how long it took from then until the device was free
     * @throws JobException if the end could not be written
     */
    Settlement cancelled(Duration freedAfter) {
        log.info("{}: its device is free {} ms after the cancel was heard of", claim.attempt(), freedAfter.toMillis());
        return end(manifest(Outcome.CANCELLED, null, freedAfter.toMillis()));
    }

    /** The run had ended before anything was done. */
    Settlement alreadyEnded(Manifest manifest) {
        log.info("{}: the run has ended already ({}, attempt {}); its result is told again", claim.attempt(),
                manifest.outcome(), manifest.attempt());
        ended("late", phases.seconds());
        return announce(manifest);
    }

    /** A later attempt has the run. Nothing is to be told: whoever fed it knows. */
    Settlement superseded() {
        log.warn("{}: a later attempt has been claimed; {} of work are discarded", claim.attempt(), phases.took());
        metrics.wasted(type, phases.total());
        ended("superseded", phases.seconds());
        return Settlement.TOLD;
    }

    /** The attempt failed; what becomes of the run is the dispatcher's decision. */
    Settlement failed(JobFailure failure) {
        var seconds = phases.seconds();
        var how = failure.category() == ErrorCategory.PREEMPTED ? "preempted" : "failed";
        metrics.ended(type, how, seconds);
        span.failed(how, failure);
        try {
            events.publishAndWait(Topics.EVENTS, new AttemptFailed(claim.attempt(), worker.name(), failure, seconds),
                    span.context());
            log.warn("{}: failed, and the dispatcher knows: {} {}", claim.attempt(), failure.category(),
                    failure.message());
            return Settlement.TOLD;
        } catch (PublishException e) {
            log.error(
                    "{}: failed ({} {}), which could not be told; the dispatcher finds out by the silence of the lease",
                    claim.attempt(), failure.category(), failure.message(), e);
            return Settlement.UNTOLD;
        }
    }

    private Settlement end(Manifest manifest) {
        checkSize(manifest);
        return switch (retry.call(() -> ledger.commit(manifest))) {
            case Creation.Created<Manifest> ours -> {
                log.info("{}: {} after {}", claim.attempt(), manifest.outcome(), phases.took());
                ended(manifest.outcome().name().toLowerCase(Locale.ROOT), manifest.seconds());
                yield announce(ours.document());
            }
            case Creation.Existing<Manifest> other -> {
                log.warn("{}: the run has been ended by attempt {} ({}); {} of work are discarded", claim.attempt(),
                        other.document().attempt(), other.document().outcome(), phases.took());
                metrics.wasted(type, phases.total());
                ended("late", phases.seconds());
                yield announce(other.document());
            }
        };
    }

    private void ended(String how, Map<String, Double> seconds) {
        metrics.ended(type, how, seconds);
        span.ended(how);
    }

    private Settlement announce(Manifest manifest) {
        try {
            announcer.announce(manifest);
            return Settlement.TOLD;
        } catch (PublishException e) {
            log.error("{}: the run has ended, but its result could not be told; whoever receives the record next does",
                    claim.attempt(), e);
            return Settlement.UNTOLD;
        }
    }

    /** A manifest that no event can carry would be a result that nobody hears of. */
    private static void checkSize(Manifest manifest) {
        int size = Json.bytes(new RunEnded(manifest)).length;
        if (size > EventCodec.MAX_DATA) {
            throw new JobException(ErrorCategory.INVALID_REQUEST, "The result has " + manifest.artifacts().size()
                    + " artifacts and its event would have " + size + " bytes, of " + EventCodec.MAX_DATA
                    + " that are allowed; ask for less in one job.");
        }
    }

    private Manifest manifest(Outcome outcome, @Nullable JobResult result, @Nullable Long freedAfterMs) {
        return new Manifest(
                claim.attempt().run(),
                ready.tenant(),
                type,
                ready.bundle(),
                outcome,
                claim.attempt().attempt(),
                claim.token(),
                ready.submission().labels(),
                result == null ? List.of() : result.artifacts(),
                result == null ? null : result.summary(),
                null,
                phases.seconds(),
                worker.environment(),
                clock.instant(),
                freedAfterMs,
                span.context());
    }
}
