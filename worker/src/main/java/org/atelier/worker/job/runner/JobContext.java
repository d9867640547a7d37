package org.atelier.worker.job.runner;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.worker.job.bundle.LocalBundle;

/**
 * What a runner may do, and the place where it learns that it must stop. Used by the thread that the runner was called
 * on, and not after the runner has returned.
 */
public interface JobContext {
    /** The attempt that this is. */
    AttemptId attempt();

    /**
     * The networks' files of the bundle version that the job was accepted with; fetched with the first call, which may
     * take long.
     *
     * @throws org.atelier.common.error.JobException MODEL_NOT_FOUND if the store no longer has it
     */
    LocalBundle bundle();

    /** Where the newest earlier attempt that left a whole checkpoint had got to; empty: start from the beginning. */
    Optional<ResumePoint> resumePoint();

    /**
     * An input blob, checked against its digest.
     *
     * @throws org.atelier.common.error.JobException INPUT_UNREADABLE if it is not there or damaged
     */
    byte[] read(Digest digest);

    /**
     * What another job of the same tenant made, in its first run that succeeded.
     *
     * @param name of the artifact in that job's result
     * @throws org.atelier.common.error.JobException INPUT_UNREADABLE if the job has not succeeded or made no such artifact
     */
    Artifact result(JobId job, String name);

    /**
     * Stores a blob of the result. What the result does not name in the end is never seen and is swept away later.
     *
     * @param name file name for people, unique within the result
     */
    Artifact store(String name, byte[] bytes, String mediaType);

    /** Stores a file as a blob of the result, like {@link #store(String, byte[], String)}. */
    Artifact store(String name, Path file, String mediaType);

    /**
     * Shows a picture of the state so far; it travels with the next heartbeat. Nothing depends on it: one that cannot be
     * stored is left out.
     *
     * @param name file name for people
     */
    void preview(String name, byte[] bytes, String mediaType);

    /**
     * A sign of life, how far the work is, and the only place where a stop arrives. Call it once a step: it costs nothing,
     * what is sent is decided elsewhere (every two seconds).
     *
     * @param step   steps done, from 0 to {@code steps}
     * @param steps  steps in all
     * @param losses the newest losses by name
     * @throws AttemptStoppedException if the attempt must end now: it was cancelled, it is no longer ours, or the worker
     *                                 leaves
     */
    void heartbeat(int step, int steps, Map<String, Double> losses);

    /**
     * A heartbeat of work that can go on elsewhere: a checkpoint is written within this call when one is due, and when the
     * worker leaves, before {@link AttemptStoppedException} is thrown. A checkpoint that cannot be stored is left out; the
     * next one is tried as usual.
     *
     * @param state writes everything that the next step depends on, as it is after {@code step} steps
     */
    void heartbeat(int step, int steps, Map<String, Double> losses, StateWriter state);

    /**
     * Writes a checkpoint now, whether one is due or not: for a moment that is dear to the runner.
     *
     * @param step  steps done
     * @param state like that of {@link #heartbeat(int, int, Map, StateWriter)}
     */
    void checkpoint(int step, StateWriter state);
}
