package org.atelier.dispatcher.support;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobFailure;
import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.GenerateRequest;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.common.job.Source;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.ledger.StoredRequest;

/** Documents and messages for tests. */
public final class Samples {
    /** A moment. */
    public static final Instant NOON = Instant.parse("2026-03-04T12:00:00Z");
    /** The bundle of the samples. */
    public static final String BUNDLE = "avatar-128@3";

    private Samples() {}

    /** The first run of a job. */
    public static RunId run(String job) {
        return RunId.first(new JobId(job));
    }

    /** An attempt at the first run of a job. */
    public static AttemptId attempt(String job, int attempt) {
        return new AttemptId(run(job), attempt);
    }

    /** A stored request. */
    public static StoredRequest request(String job) {
        return request(job, 0, NOON);
    }

    /** A stored request. */
    public static StoredRequest request(String job, int priority, Instant acceptedAt) {
        var generate = GenerateRequest.of(BUNDLE, List.of(new Source.Seed(85)));
        return new StoredRequest(new JobId(job), "default", new JobSubmission(generate, priority, Map.of()), BUNDLE,
                "sha256:" + "0".repeat(64), acceptedAt);
    }

    /** An attempt in its ready topic. */
    public static Message.AttemptReady ready(AttemptId attempt) {
        var request = request(attempt.job().value());
        return new Message.AttemptReady(attempt, request.tenant(), request.submission(), request.bundle());
    }

    /** A worker starts an attempt. */
    public static Message.AttemptStarted started(AttemptId attempt) {
        return new Message.AttemptStarted(attempt, "worker-1", "host-1", 0);
    }

    /** An attempt's sign of life. */
    public static Message.AttemptProgressed progressed(AttemptId attempt, long sequence) {
        return new Message.AttemptProgressed(attempt, sequence,
                new Message.Progress(Math.toIntExact(sequence), 100, Map.of("clip", 0.5), 12.0, List.of()));
    }

    /** An attempt failed. */
    public static Message.AttemptFailed failed(AttemptId attempt, ErrorCategory category) {
        return new Message.AttemptFailed(attempt, "worker-1", JobFailure.of(category, "Because of " + category + "."),
                Map.of("optimise", 1.5));
    }

    /** The end of a run. */
    public static Manifest manifest(AttemptId attempt, Outcome outcome) {
        return new Manifest(attempt.run(), "default", JobType.GENERATE, BUNDLE, outcome, attempt.attempt(),
                "token-" + attempt, Map.of(), List.of(), null,
                outcome == Outcome.FAILED ? JobFailure.of(ErrorCategory.DIVERGED, "NaN at step 7.") : null, Map.of(),
                Map.of(), NOON.plusSeconds(60));
    }

    /** A worker of one slot in the pool {@code edit} that can run some types, with so much memory. */
    public static Message.WorkerAlive worker(String name, Set<JobType> types, Long memoryBytes) {
        return new Message.WorkerAlive(name, "host-1", "edit", 1, types, List.of(), memoryBytes);
    }

    /** A request that needs so much memory. */
    public static StoredRequest request(String job, long memoryBytes) {
        var request = request(job);
        return new StoredRequest(request.job(), request.tenant(), request.submission(), request.bundle(), request
                .fingerprint(), request.acceptedAt(), null, null, memoryBytes);
    }

    /** A worker of one slot in the pool {@code edit}. */
    public static Message.WorkerAlive worker(String name, AttemptId... running) {
        return new Message.WorkerAlive(name, "host-1", "edit", 1, Set.copyOf(JobType.ofWorkers()), List.of(
                running));
    }
}
