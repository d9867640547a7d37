package org.atelier.worker.job.attempt;

import java.util.concurrent.atomic.AtomicLong;

import org.atelier.common.event.Message.AttemptProgressed;
import org.atelier.common.ledger.Claim;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.ledger.Lease;
import org.atelier.worker.job.metrics.WorkerMetrics;
import org.atelier.worker.job.runner.StopReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an attempt's lease. It is driven from outside, once an interval, by a thread and a store client of its own: slow
 * uploads must not starve it.
 *
 * <p>Kafka's absence changes nothing here: progress events are handed over and not waited for.
 */
public final class Heart {
    /**
     * Failed renewals in a row after which the attempt stops itself: by then the dispatcher, which gives up after as many
     * silent intervals, takes it for dead.
     */
    public static final int TOLERATED_FAILURES = 3;

    private static final Logger log = LoggerFactory.getLogger(Heart.class);

    private final Claim claim;
    private final Lifeline lifeline;
    private final JobLedger ledger;
    private final Ownership ownership;
    private final Courier courier;
    private final WorkerMetrics metrics;
    private final LogKeeper logs;

    private final AtomicLong sequence = new AtomicLong();
    private int failures;

    /**
     * Of a claimed attempt.
     *
     * @param ledger  through a client with timeouts of no more than an interval
     * @param courier takes the progress events
     * @param logs    keeps the last log lines
     */
    Heart(Claim claim, Lifeline lifeline, JobLedger ledger, Courier courier, WorkerMetrics metrics, LogKeeper logs) {
        this.claim = claim;
        this.lifeline = lifeline;
        this.ledger = ledger;
        this.ownership = new Ownership(claim.attempt(), ledger);
        this.courier = courier;
        this.metrics = metrics;
        this.logs = logs;
    }

    /** One beat: renews the lease, looks whether somebody wants the attempt stopped, and says how far it is. Never throws. */
    public void beat() {
        long sign = sequence.incrementAndGet();
        if (renew(sign)) {
            look();
            logs.keep();
        }
        tell(sign);
    }

    /** Says how far the attempt has come, between two beats: it ends. On any thread. */
    void last() {
        tell(sequence.incrementAndGet());
    }

    private void tell(long sign) {
        courier.progress(new AttemptProgressed(claim.attempt(), sign, lifeline.progress()));
    }

    private boolean renew(long sign) {
        try {
            ledger.renew(new Lease(claim.attempt(), claim.token(), sign));
            failures = 0;
            return true;
        } catch (RuntimeException e) {
            failed(e);
            return false;
        }
    }

    private void look() {
        try {
            ownership.objection().ifPresent(lifeline::stop);
        } catch (RuntimeException e) {
            log.warn("{}: could not look for a cancel or a later attempt; the next beat looks again", claim.attempt(),
                    e);
        }
    }

    private void failed(RuntimeException problem) {
        failures++;
        metrics.leaseFailed();
        if (failures < TOLERATED_FAILURES) {
            log.warn("{}: the lease could not be renewed ({} of {}): {}", claim.attempt(), failures, TOLERATED_FAILURES,
                    problem.getMessage());
            return;
        }
        if (failures == TOLERATED_FAILURES) {
            log.error(
                    "{}: the lease could not be renewed {} times in a row; the attempt stops at its next step and its work"
                            + " since the last checkpoint is lost", claim.attempt(), failures, problem);
        }
        lifeline.stop(new StopReason.LeaseLost(String.valueOf(problem.getMessage())));
    }
}
