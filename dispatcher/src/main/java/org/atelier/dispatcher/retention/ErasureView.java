package org.atelier.dispatcher.retention;

import java.util.List;

import org.atelier.common.job.JobId;
import org.jspecify.annotations.Nullable;

/**
 * An erasure as its caller sees it.
 *
 * @param id       its name; absent of a dry run
 * @param subject  the person; absent where jobs were named
 * @param jobs     how many jobs it erases
 * @param sample   the first of them
 * @param waiting  jobs that have not ended; they are cancelled, and erased when they have
 * @param children jobs that use results of these and stay, because they were not named; absent once it is under way
 * @param done     whether it is done
 * @param blobs    how many blobs were removed; absent until it is done
 * @param bytes    their size; absent until it is done
 * @param kept     blobs of these jobs that something else names as well; absent until it is done
 */
public record ErasureView(
        @Nullable String id,
        @Nullable String subject,
        int jobs,
        List<JobId> sample,
        List<JobId> waiting,
        @Nullable List<JobId> children,
        boolean done,
        @Nullable Long blobs,
        @Nullable Long bytes,
        @Nullable Long kept) {}
