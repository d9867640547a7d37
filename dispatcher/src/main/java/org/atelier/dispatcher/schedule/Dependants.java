package org.atelier.dispatcher.schedule;

import java.util.Objects;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobFailure;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;

/** Fails runs that wait for a job which failed or was cancelled, with that job's reason. */
public final class Dependants {
    private static final int AT_ONCE = 100;

    private final RunBook book;
    private final RunEnder ender;

    public Dependants(RunBook book, RunEnder ender) {
        this.book = book;
        this.ender = ender;
    }

    /** Fails whatever waits in vain. */
    public void step() {
        book.doomed(AT_ONCE).forEach(doomed -> ender.fail(doomed.run(), failure(doomed.parent())));
    }

    /** The parent's category, so that a replay of all that failed so finds parent and child. */
    private static JobFailure failure(Manifest parent) {
        var job = parent.run().job();
        if (parent.outcome() == Outcome.CANCELLED) {
            return new JobFailure(ErrorCategory.CANCELLED, false, "It depends on the job " + job
                    + ", which was cancelled.", null);
        }
        var reason = Objects.requireNonNull(parent.failure());
        return new JobFailure(reason.category(), false, "It depends on the job " + job + ", which failed: " + reason
                .message(), null);
    }
}
