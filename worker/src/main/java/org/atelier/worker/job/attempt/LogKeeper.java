package org.atelier.worker.job.attempt;

import org.atelier.common.job.AttemptId;
import org.atelier.common.ledger.JobLedger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the last log lines of an attempt in the store: when it fails, and, because a worker that is killed says nothing any
 * more, with a heartbeat whenever there are new ones. Nothing depends on them: what cannot be kept is left out.
 */
final class LogKeeper implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LogKeeper.class);

    private final AttemptId attempt;
    private final AttemptLogs logs;
    private final JobLedger ledger;

    /** @param ledger through a client that may be slow for as long as a heartbeat may */
    LogKeeper(AttemptId attempt, AttemptLogs logs, JobLedger ledger) {
        this.attempt = attempt;
        this.logs = logs;
        this.ledger = ledger;
    }

    /** Keeps them, if any are new. Never throws. */
    void keep() {
        try {
            logs.fresh(attempt).ifPresent(lines -> ledger.keepLog(attempt, lines));
        } catch (RuntimeException e) {
            log.debug("{}: its last log lines could not be kept", attempt, e);
        }
    }

    /** The attempt is over. */
    @Override
    public void close() {
        logs.forget(attempt);
    }
}
