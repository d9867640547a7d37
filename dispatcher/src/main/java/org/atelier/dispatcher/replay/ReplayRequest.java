package org.atelier.dispatcher.replay;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to run again: jobs by name, or the failed jobs that fit a filter.
 *
 * @param id        the same id is the same replay, however often it is sent; absent: a new one
 * @param jobs      jobs that have ended, whichever way
 * @param filter    which failed jobs; absent where jobs are named
 * @param set       parameters with their new values; empty: exactly as before
 * @param dryRun    whether only to say what would happen
 * @param perSecond most jobs a second
 */
public record ReplayRequest(
        @Nullable String id,
        @Nullable List<JobId> jobs,
        @Nullable Filter filter,
        @Nullable Map<String, JsonNode> set,
        @Nullable Boolean dryRun,
        @Nullable Integer perSecond) {
    /** Jobs a second, where nobody says otherwise. */
    public static final int PER_SECOND = 50;

    public ReplayRequest {
        jobs = jobs == null ? List.of() : jobs.stream().distinct().toList();
        set = set == null ? Map.of() : Map.copyOf(set);
        dryRun = dryRun != null && dryRun;
        perSecond = perSecond == null ? PER_SECOND : perSecond;
    }

    /**
     * Which failed jobs; all given conditions hold.
     *
     * @param type   absent: any
     * @param error  absent: any
     * @param since  failed at or after this; absent: whenever
     * @param tenant whose jobs; absent: the caller's. Another tenant's are for admins
     */
    public record Filter(
            @Nullable JobType type,
            @Nullable ErrorCategory error,
            @Nullable Instant since,
            @Nullable String tenant) {}
}
