package org.atelier.worker.job.attempt;

import java.util.Optional;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.JobId;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.ledger.Manifest;

/** What other jobs of one tenant made. */
final class OtherJobs {
    private final String tenant;
    private final JobLedger ledger;

    OtherJobs(String tenant, JobLedger ledger) {
        this.tenant = tenant;
        this.ledger = ledger;
    }

    /**
     * An artifact of a job that has succeeded.
     *
     * @throws JobException INPUT_UNREADABLE if it has not, or made no such artifact; a job of another tenant is not there
     */
    Artifact find(JobId job, String name) {
        var manifest = ownSuccess(job).orElseThrow(() -> unreadable("The job " + job
                + ", whose " + name + " is needed, has not succeeded. Replay it first, or name another."));
        return manifest.artifacts().stream().filter(artifact -> artifact.name().equals(name)).findFirst().orElseThrow(
                () -> unreadable("The job " + job + " made no " + name + ", but " + manifest.artifacts().stream()
                        .map(Artifact::name).toList() + ". Name one of these."));
    }

    private Optional<Manifest> ownSuccess(JobId job) {
        return ledger.success(job).filter(manifest -> manifest.tenant().equals(tenant));
    }

    private static JobException unreadable(String message) {
        return new JobException(ErrorCategory.INPUT_UNREADABLE, message);
    }
}
