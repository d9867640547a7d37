package org.atelier.chaos.history;

import java.util.List;
import java.util.SortedMap;

import org.atelier.common.job.RunId;

/**
 * What a {@link Checker} makes of a history.
 *
 * @param runs                runs that were asked for
 * @param accepted            of them, those that a client was promised
 * @param refused             of them, those that a client was refused
 * @param unknown             of them, those of which the client knows nothing: right whether they ended or not
 * @param ended               runs that have a manifest
 * @param executions          times that a worker computed
 * @param duplicates          executions that ran while another one of the same run did
 * @param repeatedResults     results that were told again, equal: a reader drops them by their id
 * @param deviceSeconds       of all executions
 * @param wastedDeviceSeconds of them, those whose steps were done elsewhere too, or by a run without a success
 * @param redone              steps that an attempt did again because its predecessor had no later checkpoint
 * @param checkpointSteps     steps between two checkpoints, against which to read {@code redone}
 * @param orphans             blobs that nothing names
 * @param faults              by kind, how many there were and how long it took from each to the next attempt's first step
 * @param violations          what must never happen
 */
public record Report(
        int runs,
        int accepted,
        int refused,
        int unknown,
        int ended,
        int executions,
        int duplicates,
        int repeatedResults,
        double deviceSeconds,
        double wastedDeviceSeconds,
        Spread redone,
        Spread checkpointSteps,
        Orphans orphans,
        SortedMap<String, Fault> faults,
        List<Violation> violations) {

    /** Blobs in the store that nothing names. */
    public record Orphans(int count, long bytes) {}

    /**
     * A kind of fault.
     *
     * @param injected        how often
     * @param recoverySeconds from the fault to the first new step of the next attempt, of every run that needed one
     */
    public record Fault(int injected, Spread recoverySeconds) {}

    /** What must never happen. */
    public enum Kind {
        /** Accepted, and never ended. */
        LOST,
        /** Ended, and nobody was told. */
        UNTOLD,
        /** Two different results of one run. */
        DOUBLE_RESULT,
        /** Two manifests of one run. */
        DOUBLE_MANIFEST,
        /** A result of a run that has no manifest, or another one. */
        RESULT_WITHOUT_MANIFEST,
        /** Two executions ran at once, and both ended the run. */
        BOTH_COMMITTED,
        /** One attempt, executed by two workers. */
        ATTEMPT_TWICE,
        /** An end of a run that nobody asked for, or that was refused. */
        UNEXPECTED
    }

    /**
     * Something that must never happen, and did.
     *
     * @param what for people
     */
    public record Violation(Kind kind, RunId run, String what) {}

    /** How many things of one kind went wrong. */
    public long count(Kind kind) {
        return violations.stream().filter(violation -> violation.kind() == kind).count();
    }

    /** Whether nothing went wrong. */
    public boolean clean() {
        return violations.isEmpty();
    }
}
