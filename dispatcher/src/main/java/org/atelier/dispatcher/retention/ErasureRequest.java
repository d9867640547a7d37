package org.atelier.dispatcher.retention;

import java.util.List;

import org.atelier.common.job.JobId;
import org.jspecify.annotations.Nullable;

/**
 * What shall be erased: some jobs, or all that are about a person; one of the two.
 *
 * @param id           name of the erasure: the same name is the same erasure; absent: a new one
 * @param subject      the person, by the caller's name
 * @param jobs         the jobs
 * @param withChildren whether jobs that use the results of these are erased as well
 * @param dryRun       only say what would happen
 */
public record ErasureRequest(
        @Nullable String id,
        @Nullable String subject,
        @Nullable List<JobId> jobs,
        @Nullable Boolean withChildren,
        @Nullable Boolean dryRun) {
    public ErasureRequest {
        jobs = jobs == null ? List.of() : jobs.stream().distinct().toList();
        withChildren = withChildren != null && withChildren;
        dryRun = dryRun != null && dryRun;
    }
}
