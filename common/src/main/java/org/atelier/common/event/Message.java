package org.atelier.common.event;

import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.JobFailure;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.common.ledger.Claim;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.request.Violation;
import org.jspecify.annotations.Nullable;

/** The data of an event. {@link MessageType} names each kind on the wire. */
public sealed interface Message {
    /** The key of the record that carries it: what it is about. Messages with one key keep their order. */
    String key();

    /**
     * Somebody wants something computed. Sent by the dispatcher for requests over HTTP, or by an upstream service
     * directly: the event's subject is then the wanted job id, or, where it has none, source and event id together name
     * the job.
     *
     * @param submission what was sent, exactly as it was sent: it is not yet validated
     */
    record JobRequested(String key, JsonNode submission) implements Message {}

    /** A message about one job. */
    sealed interface AboutJob extends Message {
        /** The job that it is about. */
        JobId job();

        @Override
        default String key() {
            return job().value();
        }
    }

    /** A message about one attempt at a run. */
    sealed interface AboutAttempt extends AboutJob {
        /** The attempt that it is about. */
        AttemptId attempt();

        @Override
        default JobId job() {
            return attempt().job();
        }
    }

    /** A run waits for its turn. */
    record RunQueued(RunId run) implements AboutJob {
        @Override
        public JobId job() {
            return run.job();
        }
    }

    /**
     * An attempt may be taken by a slot of its pool. This is the record of the ready topics.
     *
     * @param attempt    what may be claimed
     * @param tenant     whose job it is
     * @param submission what to run
     * @param bundle     the bundle version to run it on, {@code name@version}
     * @param memoryBytes the device memory that it needs at least; absent where that is not known
     */
    record AttemptReady(AttemptId attempt, String tenant, JobSubmission submission, String bundle,
            @Nullable Long memoryBytes)
            implements
                AboutAttempt {
        /** Of unknown need. */
        public AttemptReady(AttemptId attempt, String tenant, JobSubmission submission, String bundle) {
            this(attempt, tenant, submission, bundle, null);
        }
    }

    /**
     * A worker holds the claim and starts.
     *
     * @param worker      its name
     * @param host        where it runs
     * @param resumedFrom steps that an earlier attempt had done; 0 if it starts from the beginning
     * @param slot        of the worker; absent where an older one tells
     */
    record AttemptStarted(AttemptId attempt, String worker, String host, int resumedFrom, @Nullable String slot)
            implements
                AboutAttempt {
        /** In a slot of unknown name. */
        public AttemptStarted(AttemptId attempt, String worker, String host, int resumedFrom) {
            this(attempt, worker, host, resumedFrom, null);
        }

        /** What a claim says; it does not know of progress. */
        public static AttemptStarted of(Claim claim) {
            return new AttemptStarted(claim.attempt(), claim.worker(), claim.host(), 0, claim.slot());
        }
    }

    /**
     * A sign of life, with how far the attempt is.
     *
     * @param sequence rises with every sign of life of the attempt
     * @param progress how far it is
     */
    record AttemptProgressed(AttemptId attempt, long sequence, Progress progress) implements AboutAttempt {}

    /** A slot cannot run the attempt now and gives it back unharmed: it was not claimed. */
    record AttemptDeferred(AttemptId attempt, String worker, String reason) implements AboutAttempt {}

    /**
     * An attempt failed. What becomes of the run is the dispatcher's decision.
     *
     * @param seconds where the attempt's time went, by phase
     */
    record AttemptFailed(AttemptId attempt, String worker, JobFailure failure, Map<String, Double> seconds)
            implements
                AboutAttempt {}

    /** Somebody asked for the end of a run; broadcast to the workers. */
    record CancelRequested(RunId run, String actor) implements AboutJob {
        @Override
        public JobId job() {
            return run.job();
        }
    }

    /**
     * A job was erased: whoever knows anything of it forgets it. Nothing that tells of the job is true after this.
     *
     * @param job     its id, which is used up
     * @param erasure that erased it
     */
    record JobErased(JobId job, String erasure) implements AboutJob {}

    /** A run has ended. Its event id is {@code job/run}, so that a repeat is recognisable. */
    record RunEnded(Manifest manifest) implements AboutJob {
        @Override
        public JobId job() {
            return manifest.run().job();
        }
    }

    /**
     * A request was not accepted. It has no job; its key is the source and id of the event that it answers, so that it can
     * hide no job's result.
     *
     * @param source     of the refused event
     * @param eventId    of the refused event
     * @param violations everything that is wrong with it
     */
    record RequestRefused(String source, String eventId, List<Violation> violations) implements Message {
        @Override
        public String key() {
            return "refused:" + source + ":" + eventId;
        }
    }

    /**
     * A worker is there.
     *
     * @param worker  its name, unique among those alive
     * @param host    where it runs
     * @param pool    the pool that it serves
     * @param slots   how many attempts it can run at once
     * @param types   the job types that it can run
     * @param running what it runs now
     * @param memoryBytes device memory that its jobs may take; absent where it does not know
     */
    record WorkerAlive(
            String worker,
            String host,
            String pool,
            int slots,
            Set<JobType> types,
            List<AttemptId> running,
            @Nullable Long memoryBytes) implements Message {
        /** With an unknown amount of memory. */
        public WorkerAlive(String worker, String host, String pool, int slots, Set<JobType> types,
                List<AttemptId> running) {
            this(worker, host, pool, slots, types, running, null);
        }

        @Override
        public String key() {
            return worker;
        }
    }

    /**
     * Somebody did something that others may have to explain later. Written before it is done: nothing is done without its
     * record, and a record may tell of something that then failed.
     *
     * @param actor   who
     * @param tenant  whose
     * @param action  what, for example {@code job.cancel}
     * @param target  to what, for example a job id
     * @param details further words, none of them secret
     */
    record ActionAudited(String actor, String tenant, String action, String target, Map<String, String> details)
            implements
                Message {
        @Override
        public String key() {
            return actor;
        }
    }

    /** A worker leaves in good order. */
    record WorkerLeft(String worker) implements Message {
        @Override
        public String key() {
            return worker;
        }
    }

    /**
     * How far an attempt is.
     *
     * @param step       steps done
     * @param steps      steps in all
     * @param losses     the newest losses by name
     * @param etaSeconds expected time to the end; absent while unknown
     * @param previews   pictures of the state so far, newest last
     */
    record Progress(
            int step,
            int steps,
            Map<String, Double> losses,
            @Nullable Double etaSeconds,
            List<Artifact> previews) {
        public Progress {
            losses = losses == null ? Map.of() : losses;
            previews = previews == null ? List.of() : List.copyOf(previews);
        }
    }
}
