package org.atelier.common.job;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * What a caller sends: a request, and how the fleet should treat it.
 *
 * @param request             what to compute
 * @param priority            of a tenant's jobs the higher ones start first; within a priority, the older ones
 * @param labels              free words of the caller, kept with the job and given back with its result
 * @param notBefore           it does not start earlier; absent: as soon as it can
 * @param deadline            by then its first run has ended, if only as failed with TIMEOUT; absent: none
 * @param dependsOn           jobs that must succeed before it starts; when one of them fails or is cancelled, it fails
 * @param queueTimeoutSeconds longest wait until a worker starts it, in seconds
 * @param runTimeoutSeconds   longest time of one attempt at it, in seconds
 * @param subjects            the persons that it is about, by names that mean something to the caller alone: everything that
 *                            belongs to one of them can be erased by that name
 */
public record JobSubmission(
        @NotNull @Valid JobRequest request,
        @Min(MIN_PRIORITY) @Max(MAX_PRIORITY) @JsonProperty(defaultValue = "0") Integer priority,
        @Size(max = MAX_LABELS) Map<String, @Size(max = 255) String> labels,
        @Nullable Instant notBefore,
        @Nullable Instant deadline,
        @Size(max = MAX_DEPENDENCIES) List<JobId> dependsOn,
        @Min(1) @Max(MAX_TIMEOUT) @JsonProperty(defaultValue = "1209600") Integer queueTimeoutSeconds,
        @Min(1) @Max(MAX_TIMEOUT) @JsonProperty(defaultValue = "259200") Integer runTimeoutSeconds,
        @Size(max = MAX_SUBJECTS) List<@NotNull @Pattern(regexp = SUBJECT_PATTERN) String> subjects) {
    /** Lowest priority. */
    public static final int MIN_PRIORITY = -10;
    /** Highest priority. */
    public static final int MAX_PRIORITY = 10;
    /** Most labels of one job. */
    public static final int MAX_LABELS = 16;
    /** Most jobs that one job waits for. */
    public static final int MAX_DEPENDENCIES = 64;
    /** Most persons that one job is about. */
    public static final int MAX_SUBJECTS = 16;
    /** What a name of a person looks like. No blanks and no @, so that neither a real name nor an address fits. */
    public static final String SUBJECT_PATTERN = "^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$";
    /** Longest time limit, in seconds: 90 days. */
    public static final int MAX_TIMEOUT = 7_776_000;
    /** A job that waits: as long as its request is kept in its topic by default, 14 days in seconds. */
    public static final int QUEUE_TIMEOUT = 1_209_600;
    /** An attempt: longer than the longest published training on one device, 3 days in seconds. */
    public static final int RUN_TIMEOUT = 259_200;

    public JobSubmission {
        priority = Defaults.or(priority, 0);
        labels = Map.copyOf(Defaults.or(labels, Map.of()));
        dependsOn = Defaults.or(dependsOn, List.<JobId>of()).stream().distinct().toList();
        queueTimeoutSeconds = Defaults.or(queueTimeoutSeconds, QUEUE_TIMEOUT);
        runTimeoutSeconds = Defaults.or(runTimeoutSeconds, RUN_TIMEOUT);
        subjects = Defaults.or(subjects, List.<String>of()).stream().distinct().toList();
    }

    /** A request that is about nobody in particular. */
    public JobSubmission(JobRequest request, Integer priority, Map<String, String> labels, @Nullable Instant notBefore,
            @Nullable Instant deadline, List<JobId> dependsOn, Integer queueTimeoutSeconds, Integer runTimeoutSeconds) {
        this(request, priority, labels, notBefore, deadline, dependsOn, queueTimeoutSeconds, runTimeoutSeconds, List
                .of());
    }

    /** A request that may start at once and has the usual time. */
    public JobSubmission(JobRequest request, Integer priority, Map<String, String> labels) {
        this(request, priority, labels, null, null, List.of(), QUEUE_TIMEOUT, RUN_TIMEOUT);
    }

    /** A request with nothing special about it. */
    public static JobSubmission of(JobRequest request) {
        return new JobSubmission(request, 0, Map.of());
    }

    /** The jobs whose success it waits for: those that the caller names, and those whose results the request reads. */
    public List<JobId> dependencies() {
        return Stream.concat(dependsOn.stream(), request.parents().stream()).distinct().toList();
    }
}
