package org.atelier.dispatcher.schedule;

import java.util.Map;

import org.atelier.common.error.JobFailure;
import org.atelier.common.job.AttemptId;

/**
 * The newest attempt of a run, which failed, and of which nobody has decided what follows.
 *
 * @param attempt what failed
 * @param failure why
 * @param seconds where its time went, by phase
 * @param counted how many attempts of the run have failed in a way that counts, this one included
 * @param fruitless how many attempts that do not count started from the same step, this one included
 * @param resumedFrom the step that it started from
 */
public record FailedAttempt(AttemptId attempt, JobFailure failure, Map<String, Double> seconds, int counted,
        int fruitless, int resumedFrom) {
    /** The same attempt with another account of why it failed. */
    FailedAttempt because(JobFailure why) {
        return new FailedAttempt(attempt, why, seconds, counted, fruitless, resumedFrom);
    }
}
