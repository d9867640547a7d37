package org.atelier.dispatcher.replay;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.job.JobId;
import org.jspecify.annotations.Nullable;

/**
 * A replay as its caller sees it.
 *
 * @param id                     its name; absent of a dry run
 * @param jobs                   how many jobs it runs again
 * @param replayed               how many of them run again by now
 * @param skipped                how many could not
 * @param done                   whether all have been looked at
 * @param sample                 the first of the jobs
 * @param estimatedDeviceSeconds what it will cost, from how long jobs of these types took; absent where none is known
 * @param differences            each parameter that changes: its new value, and its old values with how many jobs have each
 */
public record ReplayView(
        @Nullable String id,
        int jobs,
        int replayed,
        int skipped,
        boolean done,
        List<JobId> sample,
        @Nullable Double estimatedDeviceSeconds,
        Map<String, Difference> differences) {
    /**
     * A parameter that changes.
     *
     * @param to   its new value
     * @param from how many jobs have each old value
     */
    public record Difference(JsonNode to, Map<String, Integer> from) {}
}
