package org.atelier.dispatcher.schedule;

import java.time.Duration;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobFailure;

/**
 * What becomes of a run when an attempt at it has failed.
 *
 * <p>Attempts whose workers were told to leave do not count as failed while the run gets further between them. Those that
 * start where the one before had started count from the {@code freePreemptions}-th on: a job that never gets to its next
 * checkpoint would otherwise take slots for ever.
 *
 * @param maxAttempts     failed attempts after which a run has failed
 * @param backoff         wait after the first failed attempt; it doubles with every further one
 * @param maxBackoff      longest wait
 * @param freePreemptions attempts of workers that were told to leave, all from the same step, that do not count
 */
public record RetryPolicy(int maxAttempts, Duration backoff, Duration maxBackoff, int freePreemptions) {
    /** No wait doubles more often than this: by then it is at its maximum. */
    private static final int MAX_DOUBLINGS = 20;

    /** What to do. */
    public sealed interface Verdict {
        /** Try once more, after a while. */
        record Retry(Duration after) implements Verdict {}

        /** The run has failed. */
        record GiveUp() implements Verdict {}
    }

    /** Whether an attempt that failed so uses up one of the run's attempts. */
    public static boolean counts(ErrorCategory category) {
        return category != ErrorCategory.PREEMPTED;
    }

    /**
     * Judges the newest failure.
     *
     * @param failure   why the newest attempt failed
     * @param counted   how many attempts of the run have failed in a way that {@link #counts counts}, this one included
     * @param fruitless how many attempts that do not count started from the step that the newest one started from, this
     *                  one included
     */
    public Verdict judge(JobFailure failure, int counted, int fruitless) {
        int tooMany = Math.max(0, fruitless - freePreemptions);
        if (!failure.retryable() || counted + tooMany >= maxAttempts) {
            return new Verdict.GiveUp();
        }
        return new Verdict.Retry(switch (failure.category()) {
            // The worker is gone, not the work at fault: every second waited is one lost.
            case PREEMPTED -> tooMany == 0 ? Duration.ZERO : doubled(backoff, tooMany - 1, maxBackoff);
            case TIMEOUT -> Duration.ZERO;
            default -> doubled(backoff, counted - 1, maxBackoff);
        });
    }

    /** A wait that doubles each time, up to a longest one. */
    static Duration doubled(Duration first, int times, Duration longest) {
        var wait = first.multipliedBy(1L << Math.clamp(times, 0, MAX_DOUBLINGS));
        return wait.compareTo(longest) < 0 ? wait : longest;
    }
}
