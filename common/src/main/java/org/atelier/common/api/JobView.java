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
 * @param subjects   the persons that it is about
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
        List<String> subjects) {
    public JobView {
        // An older dispatcher names none.
        parts = parts == null ? List.of() : List.copyOf(parts);
        subjects = subjects == null ? List.of() : List.copyOf(subjects);
    }

    /** A job that is about nobody in particular. */
    public JobView(JobId id, String tenant, JobType type, String bundle, int priority, Map<String, String> labels,
            JobState state, boolean cancelling, int run, int attempt, Instant acceptedAt, @Nullable Instant startedAt,
            @Nullable Instant endedAt, Message.@Nullable Progress progress, JobRequest request,
            @Nullable JobFailure failure, List<Download> artifacts, @Nullable JsonNode summary,
            Map<String, Double> seconds, @Nullable RunId composite, List<Part> parts) {
        this(id, tenant, type, bundle, priority, labels, state, cancelling, run, attempt, acceptedAt, startedAt,
                endedAt,
                progress, request, failure, artifacts, summary, seconds, composite, parts, List.of());
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
