package org.atelier.common.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * One answer to a job. A job has run 1; a replay of the same request is the next run.
 *
 * @param job the job
 * @param run counted from 1
 */
public record RunId(JobId job, int run) {
    /** The number of the run that every job starts with. */
    public static final int FIRST = 1;

    public RunId {
        if (run < FIRST) {
            throw new IllegalArgumentException("runs are counted from 1: " + run);
        }
    }

    /**
     * Reads {@code job/run}.
     *
     * @throws IllegalArgumentException if it is not that
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static RunId parse(String text) {
        var parts = text.split("/", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("a run is written job/run: \"" + text + '"');
        }
        return new RunId(new JobId(parts[0]), Integer.parseInt(parts[1]));
    }

    /** The run that a replay of this one makes. */
    public RunId next() {
        return new RunId(job, run + 1);
    }

    /** The first run of a job. */
    public static RunId first(JobId job) {
        return new RunId(job, FIRST);
    }

    /** Written {@code job/run}: also the id of the run's result event. */
    @JsonValue
    @Override
    public String toString() {
        return job + "/" + run;
    }
}
