package org.atelier.common.ledger;

import java.time.Instant;

import org.atelier.common.job.JobId;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.job.RunId;
import org.atelier.common.trace.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * {@code request.json}: what makes a job a job. Created once, never changed.
 *
 * @param job         its id
 * @param tenant      who asked
 * @param submission  what was asked, with every default filled in
 * @param bundle      the bundle version that the request was validated against, {@code name@version}: what it runs on
 * @param fingerprint of what the caller sent, before defaults: two submissions under one id are the same job if and only
 *                    if their fingerprints are equal
 * @param acceptedAt  by the clock of the dispatcher that accepted it
 * @param parent      the run whose request this is with other parameters; absent where it is nobody's replay
 * @param partOf      its place in the composite job that it is a part of; absent where it is a job of its own
 * @param memoryBytes the device memory that it needs at least; absent where that is not known
 * @param trace       the span of its submission, which attempts at it link to, whenever they are made; absent where neither the
 *                    caller nor the dispatcher traced it
 */
public record StoredRequest(
        JobId job,
        String tenant,
        JobSubmission submission,
        String bundle,
        String fingerprint,
        Instant acceptedAt,
        @Nullable RunId parent,
        @Nullable PartOf partOf,
        @Nullable Long memoryBytes,
        @Nullable TraceContext trace) {
    /** Of no trace. */
    public StoredRequest(JobId job, String tenant, JobSubmission submission, String bundle, String fingerprint,
            Instant acceptedAt, @Nullable RunId parent, @Nullable PartOf partOf, @Nullable Long memoryBytes) {
        this(job, tenant, submission, bundle, fingerprint, acceptedAt, parent, partOf, memoryBytes, null);
    }

    /** Of unknown need. */
    public StoredRequest(JobId job, String tenant, JobSubmission submission, String bundle, String fingerprint,
            Instant acceptedAt, @Nullable RunId parent, @Nullable PartOf partOf) {
        this(job, tenant, submission, bundle, fingerprint, acceptedAt, parent, partOf, null);
    }

    /** A request of its own. */
    public StoredRequest(JobId job, String tenant, JobSubmission submission, String bundle, String fingerprint,
            Instant acceptedAt) {
        this(job, tenant, submission, bundle, fingerprint, acceptedAt, null, null);
    }
}
