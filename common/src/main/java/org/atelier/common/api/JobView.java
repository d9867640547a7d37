package org.atelier.common.api;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.JobFailure;
import org.atelier.common.event.Message;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.common.trace.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * A job as its caller sees it.
 *
 * @param id         its name
 * @param tenant     whose it is
 * @param type       its job type
 * @param bundle     the bundle version that it runs on, {@code name@version}
 * @param priority   higher ones start first
 * @param labels     the caller's
 * @param state      where it stands
 * @param cancelling whether somebody asked for its end and it has not ended yet
 * @param run        its newest run
 * @param attempt    the newest attempt of that run; 0 before the first
 * @param acceptedAt when it was accepted
 * @param startedAt  when its newest attempt started; absent before
 * @param endedAt    when its newest run ended; absent before
 * @param progress   how far it is; absent before the first sign of life
 * @param request    what was asked, with every default filled in
 * @param failure    why it failed, or why its last attempt did
 * @param artifacts  what was made, each with an address to read it from for a while
 * @param summary    the runner's own account of a success
 * @param seconds    where the time of the attempt that ended it went, by phase
 * @param composite  the run of the composite job that it is a part of; absent where it is a job of its own
 * @param parts      of a composite job, all that were made for any of its runs; empty in lists, and for other jobs
 * @param waitingFor why it is not started, where that is not just the line before it; absent otherwise and in lists
 * @param attempts   every attempt at it, of all its runs, the first first; empty in lists
 * @param freedAfterMs of a cancelled run that a worker held: milliseconds from when the worker learned of the cancel until
 *                   its device was free
 * @param subjects   the persons that it is about
 * @param trace      the span of its submission, which its attempts link to; absent where nobody traced it
 */
public record JobView(
        JobId id,
        String tenant,
        JobType type,
        String bundle,
        int priority,
        Map<String, String> labels,
        JobState state,
        boolean cancelling,
        int run,
        int attempt,
        Instant acceptedAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        Message.@Nullable Progress progress,
        JobRequest request,
        @Nullable JobFailure failure,
        List<Download> artifacts,
        @Nullable JsonNode summary,
        Map<String, Double> seconds,
        @Nullable RunId composite,
        List<Part> parts,
        @Nullable String waitingFor,
        List<Attempt> attempts,
        @Nullable Long freedAfterMs,
        List<String> subjects,
        @Nullable TraceContext trace) {
    public JobView {
        // An older dispatcher names none.
        parts = parts == null ? List.of() : List.copyOf(parts);
        subjects = subjects == null ? List.of() : List.copyOf(subjects);
        attempts = attempts == null ? List.of() : List.copyOf(attempts);
    }

    /** A job of which no attempts are told. */
    public JobView(JobId id, String tenant, JobType type, String bundle, int priority, Map<String, String> labels,
            JobState state, boolean cancelling, int run, int attempt, Instant acceptedAt, @Nullable Instant startedAt,
            @Nullable Instant endedAt, Message.@Nullable Progress progress, JobRequest request,
            @Nullable JobFailure failure, List<Download> artifacts, @Nullable JsonNode summary,
            Map<String, Double> seconds, @Nullable RunId composite, List<Part> parts) {
        this(id, tenant, type, bundle, priority, labels, state, cancelling, run, attempt, acceptedAt, startedAt,
                endedAt, progress, request, failure, artifacts, summary, seconds, composite, parts, null, List.of(),
                null, List.of(), null);
    }

    /**
     * One attempt at a run. Times are by the clock of whoever told of them.
     *
     * @param run           that it is an attempt at
     * @param attempt       its number in that run
     * @param worker        that claimed it; absent before
     * @param host          where that runs
     * @param slot          of the worker
     * @param queuedAt      when it was first put into the ready topic of its pool
     * @param startedAt     when a worker claimed it
     * @param endedAt       when it failed, or ended the newest run
     * @param resumedFrom   steps that earlier attempts had done for it
     * @param step          steps done when it was last heard of; absent before the first sign of life
     * @param deviceSeconds how long it computed; absent where nobody told, as of a worker that was killed
     * @param failure       why it failed; absent where it did not
     * @param log           of the newest attempts that failed: what was logged last, as far as it could be kept
     * @param evidence      of attempts that failed: the keys of what they left in the store
     */
    public record Attempt(
            int run,
            int attempt,
            @Nullable String worker,
            @Nullable String host,
            @Nullable String slot,
            @Nullable Instant queuedAt,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            int resumedFrom,
            @Nullable Integer step,
            @Nullable Double deviceSeconds,
            @Nullable JobFailure failure,
            List<String> log,
            List<String> evidence) {
        public Attempt {
            log = log == null ? List.of() : List.copyOf(log);
            evidence = evidence == null ? List.of() : List.copyOf(evidence);
        }
    }

    /**
     * A part of a composite job.
     *
     * @param id    its name
     * @param type  its job type
     * @param run   of the composite job that it was made for
     * @param phase counted from 1: the parts of a phase are made when all of the phase before have ended
     * @param index in its phase, counted from 0
     * @param state where it stands
     */
    public record Part(JobId id, JobType type, int run, int phase, int index, JobState state) {}

    /**
     * An artifact and where it can be read.
     *
     * @param artifact what it is
     * @param url      presigned: anyone who has it can read the artifact until it expires
     */
    public record Download(Artifact artifact, URI url) {}
}
