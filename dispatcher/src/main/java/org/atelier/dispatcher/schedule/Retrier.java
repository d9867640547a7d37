package org.atelier.dispatcher.schedule;

import java.time.Clock;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobFailure;
import org.atelier.common.log.LogContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what follows a failed attempt: another one, after a while, or the end of the run. */
public final class Retrier {
    /** Most decisions of one step, so that the steps of others are not held up. */
    private static final int AT_ONCE = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Retrier.class);

    private final RunBook book;
    private final RunEnder ender;
    private final RetryPolicy policy;
    private final Clock clock;

    public Retrier(RunBook book, RunEnder ender, RetryPolicy policy, Clock clock) {
        this.book = book;
        this.ender = ender;
        this.policy = policy;
        this.clock = clock;
    }

    /** Decides whatever is undecided. */
    public void step() {
        for (var failed : book.undecided(AT_ONCE)) {
            LogContext.run(failed.attempt(), () -> decide(failed));
        }
    }

    private void decide(FailedAttempt failed) {
        switch (policy.judge(failed.failure(), failed.counted(), failed.fruitless())) {
            case RetryPolicy.Verdict.Retry retry -> {
                LOG.info("attempt {} failed ({}); the next may start in {} s", failed.attempt(),
                        failed.failure().category(), retry.after().toSeconds());
                book.retry(failed.attempt(), clock.instant().plus(retry.after()));
            }
            case RetryPolicy.Verdict.GiveUp giveUp -> ender.fail(explained(failed));
        }
    }

    /** Whoever reads that a worker was told to leave would wonder why nobody else went on. */
    private static FailedAttempt explained(FailedAttempt failed) {
        if (failed.failure().category() != ErrorCategory.PREEMPTED) {
            return failed;
        }
        return failed.because(JobFailure.of(ErrorCategory.PREEMPTED, "Its workers were told to leave " + failed
                .fruitless() + " times while it got no further than step " + failed.resumedFrom()
                + ". Run it where workers stay for longer, or let them write checkpoints more often"
                + " (ATELIER_CHECKPOINT_INTERVAL)."));
    }
}
