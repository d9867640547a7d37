package org.atelier.common.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.JobFailure;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.common.trace.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * {@code manifest.json}: the end of a run. Whoever creates it has ended the run; whoever finds it has nothing left to do
 * but to repeat the result event.
 *
 * @param run         the run that ended
 * @param tenant      whose job it is
 * @param type        its job type
 * @param bundle      the bundle version that was used, {@code name@version}
 * @param outcome     how it ended
 * @param attempt     the attempt that ended it; 0 where the dispatcher did without one
 * @param token       of whoever wrote this, never used twice
 * @param labels      the caller's
 * @param artifacts   what was made; empty unless it succeeded
 * @param summary     the runner's own account: losses, digests of inputs, distances; absent unless it succeeded
 * @param failure     why it failed; absent unless it did
 * @param seconds     where the time of the attempt went, by phase
 * @param environment what the numbers depend on: engine, device, threads, processor
 * @param endedAt     by the clock of whoever ended it
 * @param freedAfterMs of a cancelled run that a worker held: milliseconds from when the worker learned of the cancel until
 *                    its device was free, by the worker's monotonic clock; absent otherwise
 * @param trace       the span of the attempt that ended it, or of the dispatcher's end of it: whoever hears of the result may go
 *                    on from it; absent where nothing is traced
 */
public record Manifest(
        RunId run,
        String tenant,
        JobType type,
        String bundle,
        Outcome outcome,
        int attempt,
        String token,
        Map<String, String> labels,
        List<Artifact> artifacts,
        @Nullable JsonNode summary,
        @Nullable JobFailure failure,
        Map<String, Double> seconds,
        Map<String, String> environment,
        Instant endedAt,
        @Nullable Long freedAfterMs,
        @Nullable TraceContext trace) {
    /** Of a run whose end freed no device that somebody waited for. */
    public Manifest(RunId run, String tenant, JobType type, String bundle, Outcome outcome, int attempt, String token,
            Map<String, String> labels, List<Artifact> artifacts, @Nullable JsonNode summary,
            @Nullable JobFailure failure, Map<String, Double> seconds, Map<String, String> environment,
            Instant endedAt) {
        this(run, tenant, type, bundle, outcome, attempt, token, labels, artifacts, summary, failure, seconds,
                environment, endedAt, null, null);
    }
}
