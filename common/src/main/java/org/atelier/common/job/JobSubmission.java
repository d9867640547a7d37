package org.atelier.common.job;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

/**
 * What a caller sends: a request, and how the fleet should treat it.
 *
 * @param request  what to compute
 * @param priority higher ones start first; within a priority, older ones
 * @param labels   free words of the caller, kept with the job and given back with its result
 */
public record JobSubmission(
        @NotNull @Valid JobRequest request,
        @Min(MIN_PRIORITY) @Max(MAX_PRIORITY) @JsonProperty(defaultValue = "0") Integer priority,
        @Size(max = MAX_LABELS) Map<String, @Size(max = 255) String> labels) {
    /** Lowest priority. */
    public static final int MIN_PRIORITY = -10;
    /** Highest priority. */
    public static final int MAX_PRIORITY = 10;
    /** Most labels of one job. */
    public static final int MAX_LABELS = 16;

    public JobSubmission {
        priority = Defaults.or(priority, 0);
        labels = Map.copyOf(Defaults.or(labels, Map.of()));
    }

    /** A request with nothing special about it. */
    public static JobSubmission of(JobRequest request) {
        return new JobSubmission(request, 0, Map.of());
    }
}
