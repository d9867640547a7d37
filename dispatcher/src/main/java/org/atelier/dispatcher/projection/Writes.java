package org.atelier.dispatcher.projection;

import java.time.Instant;
import java.util.Optional;

import org.atelier.common.api.JobState;
import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.common.json.Json;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.dispatcher.schedule.ReadyRecord;
import org.atelier.dispatcher.schedule.RetryPolicy;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction can write. Each statement joins what it is told with what is there, in the database itself: repeating
 * it changes nothing, and the order does not matter, also between several processes.
 */
final class Writes implements Projection.Batch {
    private final Handle handle;

    Writes(Handle handle) {
        this.handle = handle;
    }

    /** A job was accepted. */
    @Override
    public void admit(StoredRequest request, @Nullable String pool) {
        advance(request.job(), Standing.queued(RunId.first(request.job())), null);
        handle.createUpdate("""
                UPDATE jobs SET tenant = :tenant, type = :type, priority = :priority, accepted_at = :acceptedAt,
                    request = :request, pool = :pool
                WHERE job = :job AND request IS NULL""")
                .bind("job", request.job().value())
                .bind("tenant", request.tenant())
                .bind("type", JobType.of(request.submission().request()).wireName())
                .bind("priority", request.submission().priority())
                .bind("acceptedAt", request.acceptedAt().toEpochMilli())
                .bind("request", Json.text(request))
                .bind("pool", pool)
                .execute();
    }

    /** Something happened. */
    @Override
    public void note(Message message, Instant at) {
        switch (message) {
            case Message.RunQueued queued -> advance(queued.job(), Standing.queued(queued.run()), null);
            case Message.AttemptReady ready -> advance(ready.job(), Standing.of(ready.attempt(), JobState.READY), null);
            case Message.AttemptStarted started -> start(started, at);
            case Message.AttemptProgressed progressed -> progress(progressed);
            case Message.AttemptFailed failed -> fail(failed, at);
            case Message.AttemptDeferred deferred -> locate(deferred.attempt(), ReadyRecord.gone());
            case Message.CancelRequested cancel -> cancel(cancel.run());
            case Message.RunEnded ended -> advance(ended.job(), Standing.of(ended.manifest()), ended.manifest());
            case Message.JobRequested requested -> {
            }
            case Message.RequestRefused refused -> {
            }
            case Message.WorkerAlive alive -> {
            }
            case Message.WorkerLeft left -> {
            }
            case Message.ActionAudited audited -> {
            }
        }
    }

    /** Moves a job forward; a standing that is not later than its own changes nothing. */
    private void advance(JobId job, Standing standing, @Nullable Manifest manifest) {
        handle.createUpdate("""
                INSERT INTO jobs (job, standing, state, run, attempt, ended_at, manifest)
                VALUES (:job, :standing, :state, :run, :attempt, :endedAt, :manifest)
                ON CONFLICT (job) DO UPDATE SET standing = excluded.standing, state = excluded.state,
                    run = excluded.run, attempt = excluded.attempt, ended_at = excluded.ended_at,
                    manifest = excluded.manifest, next_at = NULL, ready_part = NULL, ready_offset = NULL
                WHERE excluded.standing > jobs.standing""")
                .bind("job", job.value())
                .bind("standing", standing.order())
                .bind("state", Standing.text(standing.state()))
                .bind("run", standing.run())
                .bind("attempt", standing.attempt())
                .bind("endedAt", manifest == null ? null : manifest.endedAt().toEpochMilli())
                .bind("manifest", manifest == null ? null : Json.text(manifest))
                .execute();
    }

    private void start(Message.AttemptStarted started, Instant at) {
        advance(started.job(), Standing.of(started.attempt(), JobState.RUNNING), null);
        attempt(started.attempt());
        // Of two accounts of one start the earlier holds.
        handle.createUpdate("""
                UPDATE attempts SET worker = :worker, host = :host, started_at = :at, resumed_from = :resumedFrom
                WHERE job = :job AND run = :run AND attempt = :attempt
                    AND (started_at IS NULL OR started_at > :at)""")
                .bindMap(Keys.of(started.attempt()))
                .bind("worker", started.worker())
                .bind("host", started.host())
                .bind("at", at.toEpochMilli())
                .bind("resumedFrom", started.resumedFrom())
                .execute();
    }

    private void progress(Message.AttemptProgressed progressed) {
        advance(progressed.job(), Standing.of(progressed.attempt(), JobState.RUNNING), null);
        attempt(progressed.attempt());
        handle.createUpdate("""
                UPDATE attempts SET sequence = :sequence, progress = :progress
                WHERE job = :job AND run = :run AND attempt = :attempt AND sequence < :sequence""")
                .bindMap(Keys.of(progressed.attempt()))
                .bind("sequence", progressed.sequence())
                .bind("progress", Json.text(progressed.progress()))
                .execute();
    }

    private void fail(Message.AttemptFailed failed, Instant at) {
        advance(failed.job(), Standing.of(failed.attempt(), JobState.RETRYING), null);
        attempt(failed.attempt());
        // Of two accounts of one failure, the worker's and the reaper's, the earlier holds.
        handle.createUpdate("""
                UPDATE attempts SET failed_at = :at, failure = :failure, seconds = :seconds, counts = :counts,
                    worker = COALESCE(worker, :worker)
                WHERE job = :job AND run = :run AND attempt = :attempt
                    AND (failed_at IS NULL OR failed_at > :at OR (failed_at = :at AND failure > :failure))""")
                .bindMap(Keys.of(failed.attempt()))
                .bind("at", at.toEpochMilli())
                .bind("failure", Json.text(failed.failure()))
                .bind("seconds", Json.text(failed.seconds()))
                .bind("counts", RetryPolicy.counts(failed.failure().category()) ? 1 : 0)
                .bind("worker", failed.worker())
                .execute();
    }

    private void attempt(AttemptId attempt) {
        handle.createUpdate("""
                INSERT INTO attempts (job, run, attempt) VALUES (:job, :run, :attempt)
                ON CONFLICT (job, run, attempt) DO NOTHING""")
                .bindMap(Keys.of(attempt))
                .execute();
    }

    private void cancel(RunId run) {
        advance(run.job(), Standing.queued(run), null);
        handle.createUpdate("UPDATE jobs SET cancel_run = :run WHERE job = :job AND cancel_run < :run")
                .bindMap(Keys.of(run))
                .execute();
    }

    /** A record of the results topic told of the end of a run. */
    @Override
    public void announced(RunId run) {
        handle.createUpdate("UPDATE jobs SET result_run = :run WHERE job = :job AND result_run < :run")
                .bindMap(Keys.of(run))
                .execute();
    }

    /** The ready record of an attempt lies there; nothing, once the attempt is claimed. */
    void locate(AttemptId attempt, ReadyRecord record) {
        handle.createUpdate("""
                UPDATE jobs SET ready_part = :part, ready_offset = :offset
                WHERE job = :job AND run = :run AND attempt = :attempt AND state = 'ready'""")
                .bindMap(Keys.of(attempt))
                .bind("part", record.partition())
                .bind("offset", record.offset())
                .execute();
    }

    /** The attempt after a failed one is due; nothing, once the run has gone on. */
    void due(AttemptId failed, Instant from) {
        handle.createUpdate("""
                UPDATE jobs SET next_at = :from
                WHERE job = :job AND run = :run AND attempt = :attempt AND state = 'retrying'""")
                .bindMap(Keys.of(failed))
                .bind("from", from.toEpochMilli())
                .execute();
    }

    /** An event of a job, for those who watch it. */
    @Override
    public void keep(StoredEvent event) {
        handle.createUpdate("""
                INSERT INTO job_events (job, record_offset, run, name, data, told_at)
                VALUES (:job, :offset, :run, :name, :data, :toldAt)
                ON CONFLICT (job, record_offset) DO NOTHING""")
                .bind("job", event.job().value())
                .bind("offset", event.offset())
                .bind("run", event.run())
                .bind("name", event.name())
                .bind("data", event.data())
                .bind("toldAt", event.at().toEpochMilli())
                .execute();
    }

    /** A partition was read up to here. */
    @Override
    public void position(String topic, int partition, long next) {
        handle.createUpdate("""
                INSERT INTO positions (topic, part, next_offset) VALUES (:topic, :part, :next)
                ON CONFLICT (topic, part) DO UPDATE SET next_offset = excluded.next_offset""")
                .bind("topic", topic)
                .bind("part", partition)
                .bind("next", next)
                .execute();
    }

    /** Jobs of a type that wait, wait in this pool from now on; without a pool, until there is one. */
    void route(JobType type, Optional<String> pool) {
        handle.createUpdate("UPDATE jobs SET pool = :pool WHERE type = :type AND state IN ('queued', 'retrying')")
                .bind("type", type.wireName())
                .bind("pool", pool.orElse(null))
                .execute();
        // What was fed elsewhere is fed again: its record lies where its pool no longer looks.
        pool.ifPresent(name -> handle.createUpdate("""
                UPDATE jobs SET pool = :pool, ready_part = NULL, ready_offset = NULL
                WHERE type = :type AND state = 'ready' AND pool <> :pool""")
                .bind("type", type.wireName())
                .bind("pool", name)
                .execute());
    }
}
