package org.atelier.dispatcher.schedule;

import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.JobFailure;
import org.atelier.common.event.EventPublisher;
import org.atelier.common.event.Message;
import org.atelier.common.job.JobType;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Creation;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.log.LogContext;
import org.atelier.common.store.NoSuchObjectException;
import org.atelier.common.store.StoreKeys;
import org.atelier.common.trace.otel.SpanAttributes;
import org.atelier.dispatcher.trace.Spans;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends runs that no worker ends. The manifest is the end, and whoever creates it has ended the run: where one is there
 * already, that is the end which is told.
 */
public final class RunEnder {
    private static final Logger LOG = LoggerFactory.getLogger(RunEnder.class);

    private final JobLedger ledger;
    private final EventPublisher events;
    private final RunBook book;
    private final Clock clock;
    private final Spans spans;

    public RunEnder(JobLedger ledger, EventPublisher events, RunBook book, Clock clock, Spans spans) {
        this.ledger = ledger;
        this.events = events;
        this.book = book;
        this.clock = clock;
        this.spans = spans;
    }

    /** Ends a run as failed, because of its newest attempt. */
    public void fail(FailedAttempt failed) {
        end(new IdleRun(failed.attempt().run(), failed.attempt().attempt()), Outcome.FAILED, failed.failure(), failed
                .seconds());
    }

    /** Ends a run as failed for a reason that lies outside its attempts. */
    public void fail(IdleRun run, JobFailure failure) {
        end(run, Outcome.FAILED, failure, Map.of());
    }

    /** Ends a run as cancelled. */
    public void cancel(IdleRun run) {
        end(run, Outcome.CANCELLED, null, Map.of());
    }

    /**
     * Ends the run of a composite job with what its parts came to.
     *
     * @param artifacts blobs that are in the store
     */
    public void succeed(IdleRun run, List<Artifact> artifacts, JsonNode summary) {
        end(run, Outcome.SUCCEEDED, artifacts, summary, null, Map.of());
    }

    private void end(IdleRun run, Outcome outcome, @Nullable JobFailure failure, Map<String, Double> seconds) {
        end(run, outcome, List.of(), null, failure, seconds);
    }

    private void end(IdleRun run, Outcome outcome, List<Artifact> artifacts, @Nullable JsonNode summary,
            @Nullable JobFailure failure, Map<String, Double> seconds) {
        var job = run.run().job();
        var request = ledger.request(job).orElseThrow(() -> new NoSuchObjectException(StoreKeys.request(job)));
        var span = spans.end(run.run(), request);
        var manifest = new Manifest(run.run(), request.tenant(), JobType.of(request.submission().request()), request
                .bundle(), outcome, run.attempt(), UUID.randomUUID().toString(), request.submission().labels(),
                artifacts,
                summary, failure, seconds, Map.of(), clock.instant(), null, span.context());
        span.during(() -> {
            var ended = LogContext.call(job, span.context(), () -> commit(manifest));
            span.with(SpanAttributes.OUTCOME, ended.outcome().name().toLowerCase(Locale.ROOT));
            if (ended.failure() != null) {
                span.failed(ended.failure().category().name(), ended.failure().message());
            }
            return ended;
        });
    }

    /** The end of the run, whoever wrote it. */
    private Manifest commit(Manifest manifest) {
        var commit = ledger.commit(manifest);
        var failure = manifest.failure();
        switch (commit) {
            case Creation.Created<Manifest> created -> LOG.info("run {} has ended: {}{}", manifest.run(), manifest
                    .outcome(), failure == null ? "" : " (" + failure.category() + ": " + failure.message() + ")");
            case Creation.Existing<Manifest> existing -> LOG.info("run {} had ended already: {}", manifest.run(),
                    existing
                            .document().outcome());
        }
        announce(commit.document());
        return commit.document();
    }

    /** Tells of the end of a run, perhaps once more: the event has a fixed id by which a repeat is recognised. */
    public void announce(Manifest manifest) {
        var ended = new Message.RunEnded(manifest);
        events.publishAndWait(Topics.RESULTS, ended);
        events.publishAndWait(Topics.EVENTS, ended);
        book.note(ended, manifest.endedAt());
    }
}
