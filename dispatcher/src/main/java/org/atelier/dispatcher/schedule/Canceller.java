package org.atelier.dispatcher.schedule;

import java.time.Clock;

import org.atelier.common.event.Message;
import org.atelier.common.ledger.JobLedger;

/**
 * Ends cancelled runs that nobody works on. A run that a worker holds is ended by the worker, or, when it goes silent,
 * here, once the reaper has declared it lost.
 */
public final class Canceller {
    private static final int AT_ONCE = 100;

    private final RunBook book;
    private final JobLedger ledger;
    private final RunEnder ender;
    private final Clock clock;

    public Canceller(RunBook book, JobLedger ledger, RunEnder ender, Clock clock) {
        this.book = book;
        this.ledger = ledger;
        this.ender = ender;
        this.clock = clock;
    }

    /** Ends whatever can be ended. */
    public void step() {
        book.abandoned(AT_ONCE).forEach(ender::cancel);
        book.fed().stream().filter(FedAttempt::cancelling).forEach(this::cancelUnlessClaimed);
    }

    /** Whoever claims it after this look finds the wish to cancel, which was stored before. */
    private void cancelUnlessClaimed(FedAttempt fed) {
        var claim = ledger.claim(fed.attempt());
        if (claim.isPresent()) {
            book.note(Message.AttemptStarted.of(claim.get()), clock.instant());
        } else {
            ender.cancel(new IdleRun(fed.attempt().run(), fed.attempt().attempt()));
        }
    }
}
