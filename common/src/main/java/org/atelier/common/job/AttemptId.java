package org.atelier.common.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * One try at a run.
 *
 * @param run     the run that is tried
 * @param attempt counted from 1
 */
public record AttemptId(RunId run, int attempt) {
    /** The number of the attempt that every run starts with. */
    public static final int FIRST = 1;

    public AttemptId {
        if (attempt < FIRST) {
            throw new IllegalArgumentException("attempts are counted from 1: " + attempt);
        }
    }

    /**
     * Reads {@code job/run/attempt}.
     *
     * @throws IllegalArgumentException if it is not that
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static AttemptId parse(String text) {
        int slash = text.lastIndexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("an attempt is written job/run/attempt: \"" + text + '"');
        }
        return new AttemptId(RunId.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    /** The job that this is an attempt at. */
    public JobId job() {
        return run.job();
    }

    /** The attempt after this one. */
    public AttemptId next() {
        return new AttemptId(run, attempt + 1);
    }

    /** Written {@code job/run/attempt}. */
    @JsonValue
    @Override
    public String toString() {
        return run + "/" + attempt;
    }
}
