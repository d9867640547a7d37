package org.atelier.dispatcher.projection;

import java.util.Locale;

import org.atelier.common.api.JobState;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.RunId;
import org.atelier.common.ledger.Manifest;

/**
 * Where a run stands, with an order in which nothing ever moves back: by run, then whether it has ended, then by attempt,
 * then by how far the attempt is. Of two accounts of a job the one with the larger standing holds, whichever came first;
 * so the accounts may be repeated and come in any order.
 *
 * @param run     number of the run
 * @param attempt its newest attempt, or the one that ended it; 0 where there was none
 * @param state   what to call it
 */
record Standing(int run, int attempt, JobState state) {
    private static final int RUN_SHIFT = 40;
    private static final int TERMINAL_SHIFT = 39;
    private static final int ATTEMPT_SHIFT = 8;
    private static final int MAX_RUN = 1 << 22;

    Standing {
        if (run < RunId.FIRST || run > MAX_RUN || attempt < 0) {
            throw new IllegalArgumentException("no such standing: run " + run + ", attempt " + attempt);
        }
    }

    static Standing queued(RunId run) {
        return new Standing(run.run(), 0, JobState.QUEUED);
    }

    static Standing of(AttemptId attempt, JobState state) {
        return new Standing(attempt.run().run(), attempt.attempt(), state);
    }

    static Standing of(Manifest manifest) {
        return new Standing(manifest.run().run(), manifest.attempt(), switch (manifest.outcome()) {
            case SUCCEEDED -> JobState.SUCCEEDED;
            case FAILED -> JobState.FAILED;
            case CANCELLED -> JobState.CANCELLED;
        });
    }

    /** Larger for the later standing. */
    long order() {
        return (long) run << RUN_SHIFT
                | (state.terminal() ? 1L << TERMINAL_SHIFT : 0)
                | (long) attempt << ATTEMPT_SHIFT
                | rank();
    }

    private int rank() {
        return switch (state) {
            case QUEUED -> 0;
            case READY -> 1;
            case RUNNING -> 2;
            case RETRYING -> 3;
            // A run ends once: its manifest is created once.
            case SUCCEEDED, FAILED, CANCELLED -> 0;
        };
    }

    /** The state as the database has it. */
    static String text(JobState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /** The state that the database has. */
    static JobState state(String text) {
        return JobState.valueOf(text.toUpperCase(Locale.ROOT));
    }
}
