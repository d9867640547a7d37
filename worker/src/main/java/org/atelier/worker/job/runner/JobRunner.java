package org.atelier.worker.job.runner;

import java.util.Optional;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.JobRequest;

/**
 * Computes the jobs of one type. It knows nothing of Kafka, claims or manifests: it reads its inputs and stores its
 * blobs through the {@link JobContext}, and what it returns is committed for it.
 *
 * <p>One instance serves all slots of a process, so it keeps no state of a job in its fields.
 *
 * @param <R> the request that it runs
 */
public interface JobRunner<R extends JobRequest> {
    /** The request that it runs. */
    Class<R> requestType();

    /**
     * Why this process cannot run a request that another may well run, for example for want of device memory; empty if it
     * can. Asked before the attempt is claimed: it must answer at once, without loading anything.
     */
    default Optional<String> refusal(R request) {
        return Optional.empty();
    }

    /**
     * Why this process cannot work with a bundle that another may well work with, because it was made for a newer version;
     * empty if it can. Asked before the attempt is claimed: it must answer at once, without loading anything.
     */
    default Optional<String> refusal(BundleCard bundle) {
        return Optional.empty();
    }

    /** Whether it computes gradients: the engine's gradient collector allows one such job at a time in a process. */
    boolean usesGradients();

    /**
     * Computes.
     *
     * <p>The same request on the same kind of machine gives the same bytes, also when it goes on from a
     * {@link JobContext#resumePoint() resume point}.
     *
     * @return what was made
     * @throws AttemptStoppedException                  from {@link JobContext#heartbeat}; let it pass
     * @throws org.atelier.common.error.JobException when it knows why it cannot go on; whatever else escapes is reported
     *                                                  as INTERNAL
     */
    JobResult run(R request, JobContext context) throws Exception;
}
