package org.atelier.dispatcher.intake;

import java.util.List;

import org.atelier.common.job.JobId;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.common.request.Violation;

/** What became of a request. */
public sealed interface Admission {
    /** It is a new job. */
    record Accepted(StoredRequest request) implements Admission {}

    /** It is a job already: the same request came before. */
    record Known(StoredRequest request) implements Admission {}

    /** It was a job, which was erased; its id stays unused. */
    record Erased(JobId job) implements Admission {}

    /** Another request has this id. */
    record Conflict(JobId job) implements Admission {}

    /**
     * So many jobs of the tenant wait already that it may not add one now.
     *
     * @param queued most jobs of the tenant that may wait
     */
    record OverQuota(int queued) implements Admission {}

    /** It cannot become a job. */
    record Refused(List<Violation> violations) implements Admission {}
}
