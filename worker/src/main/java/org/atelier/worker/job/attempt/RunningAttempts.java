package org.atelier.worker.job.attempt;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.RunId;
import org.atelier.worker.job.runner.StopReason;

/** The attempts that this worker runs now. Whoever wants some of them stopped says so here. */
public final class RunningAttempts {
    private final Map<AttemptId, Lifeline> lifelines = new ConcurrentHashMap<>();
    private final Runnable onChange;
    private volatile boolean draining;

    /** @param onChange called when an attempt was added or removed, by the thread that did it */
    public RunningAttempts(Runnable onChange) {
        this.onChange = onChange;
    }

    /** An attempt begins. */
    public void add(Lifeline lifeline) {
        lifelines.put(lifeline.attempt(), lifeline);
        if (draining) {
            lifeline.stop(new StopReason.Draining());
        }
        onChange.run();
    }

    /** An attempt has ended. */
    public void remove(Lifeline lifeline) {
        lifelines.remove(lifeline.attempt());
        onChange.run();
    }

    /** Somebody cancelled a run. Does nothing if it does not run here. */
    public void cancel(RunId run, String actor) {
        lifelines.values().stream()
                .filter(lifeline -> lifeline.attempt().run().equals(run))
                .forEach(lifeline -> lifeline.stop(new StopReason.Cancelled(actor)));
    }

    /**
     * A job was erased. What still runs of it here is stopped, and nothing is told of it; the files go that attempts at it left.
     *
     * @param scratch where attempts have their files
     */
    public void forget(JobId job, Path scratch) {
        lifelines.values().stream()
                .filter(lifeline -> lifeline.attempt().job().equals(job))
                .forEach(lifeline -> lifeline.stop(new StopReason.Superseded("nobody: the job was erased")));
        Scratch.forget(scratch, job);
    }

    /** The worker leaves: every attempt is to save its work, also those that begin after this. */
    public void drain() {
        draining = true;
        lifelines.values().forEach(lifeline -> lifeline.stop(new StopReason.Draining()));
    }

    /** What runs now, in the order of the ids. */
    public List<AttemptId> list() {
        return lifelines.keySet().stream().sorted(Comparator.comparing(AttemptId::toString)).toList();
    }
}
