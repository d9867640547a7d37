package org.atelier.dispatcher.projection;

import java.util.ArrayList;
import java.util.List;

import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.jspecify.annotations.Nullable;

/**
 * What runs took of devices, and how much of that was of no use: the work of attempts that no result came of, but for the steps
 * that a later attempt went on from.
 */
final class DeviceTime {
    private static final double MILLIS = 1000;

    private final List<Attempt> run = new ArrayList<>();
    private final UsageTable usage = new UsageTable();

    /** How a run stands. */
    enum End {
        /** It has not ended: who can tell what will be of use. */
        OPEN,
        /** One of its attempts made its result. */
        RESULT,
        /** It has failed, or was cancelled. */
        NOTHING
    }

    /**
     * An attempt that was started.
     *
     * @param startedAt    when, in milliseconds since 1970, by its worker's clock
     * @param aliveAt      when its worker was last heard of, by the same clock
     * @param resumedFrom  steps that earlier attempts had done for it
     * @param step         steps that were done when it was last heard of
     * @param deviceMillis how long it computed, where it told
     * @param useful       whether the run's result is its own
     * @param counted      whether it was started in the time that is looked at; the others of its run only say what became of
     *                     its work
     */
    record Attempt(RunId run, String tenant, JobType type, End end, long startedAt, long aliveAt, int resumedFrom,
            int step, @Nullable Long deviceMillis, boolean useful, boolean counted) {
        /** Of an attempt that could not tell, which is one whose worker died, as long as it was heard of. */
        double seconds() {
            return (deviceMillis == null ? Math.max(0, aliveAt - startedAt) : deviceMillis) / MILLIS;
        }
    }

    /** Adds an attempt; those of a run come one after the other, the first of them first. */
    void add(Attempt attempt) {
        if (!run.isEmpty() && !run.getFirst().run.equals(attempt.run)) {
            close();
        }
        run.add(attempt);
    }

    private void close() {
        boolean result = run.stream().anyMatch(attempt -> attempt.end == End.RESULT || attempt.useful);
        for (int i = 0; i < run.size(); i++) {
            var attempt = run.get(i);
            if (attempt.counted) {
                usage.add(attempt.tenant, attempt.type, i == 0, attempt.seconds(), attempt.seconds() * wasted(attempt,
                        run.subList(i + 1, run.size()), result));
            }
        }
        run.clear();
    }

    /** What was kept of an attempt is what every later one went on from: one that had to begin anew keeps nothing. */
    private static double wasted(Attempt attempt, List<Attempt> later, boolean result) {
        if (attempt.useful || attempt.end == End.OPEN && later.isEmpty()) {
            return 0;
        }
        if (!result && attempt.end == End.NOTHING || later.isEmpty()) {
            return 1;
        }
        int done = attempt.step - attempt.resumedFrom;
        int kept = later.stream().mapToInt(Attempt::resumedFrom).min().orElseThrow() - attempt.resumedFrom;
        return done <= 0 ? 1 : 1 - Math.clamp((double) kept / done, 0, 1);
    }

    /** What all of them took. */
    List<Usage> usage() {
        if (!run.isEmpty()) {
            close();
        }
        return usage.rows();
    }
}
