package org.atelier.worker.job.attempt;

import java.util.Optional;

import org.atelier.common.job.AttemptId;
import org.atelier.common.ledger.JobLedger;
import org.atelier.worker.job.runner.StopReason;

/** Whether an attempt that was claimed may still go on, as the ledger has it. */
final class Ownership {
    private final AttemptId attempt;
    private final JobLedger ledger;

    Ownership(AttemptId attempt, JobLedger ledger) {
        this.attempt = attempt;
        this.ledger = ledger;
    }

    /**
     * What the ledger has against it, or empty.
     *
     * @throws org.atelier.common.store.StoreException when the store does not answer
     */
    Optional<StopReason> objection() {
        var successor = ledger.claim(attempt.next());
        if (successor.isPresent()) {
            return successor.map(claim -> new StopReason.Superseded(claim.worker()));
        }
        var erased = ledger.erased(attempt.job());
        if (erased.isPresent()) {
            // It ended while this worker was away, and nothing of it may be written any more.
            return Optional.of(new StopReason.Superseded("nobody: the job was erased"));
        }
        return ledger.cancel(attempt.run()).map(cancel -> new StopReason.Cancelled(cancel.actor()));
    }
}
