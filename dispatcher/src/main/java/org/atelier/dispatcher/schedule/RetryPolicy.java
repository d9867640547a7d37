package org.atelier.dispatcher.schedule;

import java.time.Duration;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobFailure;

/**
 * What becomes of a run when an attempt at it has failed.
 *
 * @param maxAttempts failed attempts after which a run has failed
 * @param backoff     wait after the first failed attempt; it doubles with every further one
 * @param maxBackoff  longest wait
 */
public record RetryPolicy(int maxAttempts, Duration backoff, Duration maxBackoff) {
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
     * @param failure why the newest attempt failed
     * @param counted how many attempts of the run have failed in a way that {@link #counts counts}, this one included
     */
    public Verdict judge(JobFailure failure, int counted) {
        if (!failure.retryable() || counted >= maxAttempts) {
            return new Verdict.GiveUp();
        }
        return new Verdict.Retry(switch (failure.category()) {
            // The worker is gone, not the work at fault: every second waited is one lost.
            case PREEMPTED, TIMEOUT -> Duration.ZERO;
            default -> doubled(backoff, counted - 1, maxBackoff);
        });
    }

    /** A wait that doubles each time, up to a longest one. */
    static Duration doubled(Duration first, int times, Duration longest) {
        var wait = first.multipliedBy(1L << Math.clamp(times, 0, MAX_DOUBLINGS));
        return wait.compareTo(longest) < 0 ? wait : longest;
    }
}
