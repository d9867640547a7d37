package org.atelier.chaos.history;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.RunId;
import org.atelier.common.ledger.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Something that was seen to happen. All facts of a history are timed by one clock, the observer's.
 *
 * <p>A submission that has been made and of which nothing more is known is unknown: it may have been accepted.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "fact")
@JsonSubTypes({
        @JsonSubTypes.Type(value = Fact.Submitted.class, name = "submitted"),
        @JsonSubTypes.Type(value = Fact.Accepted.class, name = "accepted"),
        @JsonSubTypes.Type(value = Fact.Refused.class, name = "refused"),
        @JsonSubTypes.Type(value = Fact.Unknown.class, name = "unknown"),
        @JsonSubTypes.Type(value = Fact.AttemptStarted.class, name = "attempt-started"),
        @JsonSubTypes.Type(value = Fact.AttemptStepped.class, name = "attempt-stepped"),
        @JsonSubTypes.Type(value = Fact.CheckpointWritten.class, name = "checkpoint-written"),
        @JsonSubTypes.Type(value = Fact.AttemptEnded.class, name = "attempt-ended"),
        @JsonSubTypes.Type(value = Fact.ManifestCreated.class, name = "manifest-created"),
        @JsonSubTypes.Type(value = Fact.ResultPublished.class, name = "result-published"),
        @JsonSubTypes.Type(value = Fact.CancelAsked.class, name = "cancel-asked"),
        @JsonSubTypes.Type(value = Fact.FaultInjected.class, name = "fault-injected"),
        @JsonSubTypes.Type(value = Fact.FaultHealed.class, name = "fault-healed"),
        @JsonSubTypes.Type(value = Fact.BlobPresent.class, name = "blob-present")})
public sealed interface Fact {
    /** When it was seen. */
    Instant at();

    /** A fact about one run. */
    sealed interface AboutRun extends Fact {
        /** The run. */
        RunId run();
    }

    /** A fact about one execution: an attempt, and the worker that it was seen on. */
    sealed interface AboutExecution extends AboutRun {
        /** The attempt. */
        AttemptId attempt();

        /** The worker: the same attempt on two workers is what must never be. */
        String worker();

        @Override
        default RunId run() {
            return attempt().run();
        }
    }

    /** A client asks for a run; said before anything is sent. */
    record Submitted(Instant at, RunId run) implements AboutRun {}

    /** A client was told that the run will be done: from now on it must not be lost. */
    record Accepted(Instant at, RunId run) implements AboutRun {}

    /** A client was told that the run will not be done: it must not end. */
    record Refused(Instant at, RunId run, String reason) implements AboutRun {}

    /** A client was told nothing that it could rely on: both are right, to end and never to end. */
    record Unknown(Instant at, RunId run, String reason) implements AboutRun {}

    /**
     * A worker computes.
     *
     * @param from steps that an earlier attempt has done and this one goes on from; 0: the beginning
     */
    record AttemptStarted(Instant at, AttemptId attempt, String worker, int from) implements AboutExecution {}

    /** A worker has done a step. Not every step has to be seen, only their order. */
    record AttemptStepped(Instant at, AttemptId attempt, String worker, int step) implements AboutExecution {}

    /** A worker has stored what is needed to go on after this step. */
    record CheckpointWritten(Instant at, AttemptId attempt, String worker, int step) implements AboutExecution {}

    /**
     * A worker computes no more.
     *
     * @param how           for people: {@code succeeded}, {@code failed}, {@code stopped} ...
     * @param deviceSeconds that it took, as far as known: else the time between the first and the last fact is taken
     */
    record AttemptEnded(Instant at, AttemptId attempt, String worker, String how, @Nullable Double deviceSeconds)
            implements
                AboutExecution {}

    /**
     * A run's manifest is in the store.
     *
     * @param attempt whose end it is; 0: the dispatcher's
     * @param token   of who wrote it: another token is another manifest
     */
    record ManifestCreated(Instant at, RunId run, Outcome outcome, int attempt, String token) implements AboutRun {}

    /**
     * A result was read from the results topic.
     *
     * @param token of the manifest that it tells of: another token is another result, the same is a repeat
     */
    record ResultPublished(Instant at, RunId run, Outcome outcome, String token) implements AboutRun {}

    /** A client asks for the end of a run. */
    record CancelAsked(Instant at, RunId run) implements AboutRun {}

    /**
     * Somebody breaks something.
     *
     * @param fault  a name of its own within the history
     * @param kind   as reports count it: {@code kill-worker}, {@code freeze-worker}, {@code store-down} ...
     * @param target the worker that it strikes; absent: all of them
     */
    record FaultInjected(Instant at, String fault, String kind, @Nullable String target) implements Fact {}

    /** It is whole again. */
    record FaultHealed(Instant at, String fault) implements Fact {}

    /**
     * A blob is in the store, at the end of the history.
     *
     * @param referenced whether a manifest, a checkpoint or an open request names it
     */
    record BlobPresent(Instant at, String key, long bytes, boolean referenced) implements Fact {}
}
