package org.atelier.dispatcher.projection;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.atelier.common.api.JobState;
import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.common.json.Json;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.ledger.PartOf;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.dispatcher.schedule.ReadyRecord;
import org.atelier.dispatcher.schedule.RetryPolicy;
import org.atelier.dispatcher.webhook.Notice;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction can write. Each statement joins what it is told with what is there, in the database itself: repeating
 * it changes nothing, and the order does not matter, also between several processes.
 */
final class Writes implements Projection.Batch {
    /** The phase of an attempt in which its device works. */
    private static final String COMPUTING = "run";

    /** What a job waits for and until when, from everything else that is known of it; see the migrations. */
    private static final String SETTLE = """
            UPDATE jobs SET
                stage = CASE
                    WHEN composed = 1 AND (state = 'running' OR (state = 'queued' AND cancel_run >= run)) THEN 'composed'
                    WHEN request IS NULL OR state NOT IN ('queued', 'retrying') OR cancel_run >= run THEN 'none'
                    WHEN unmet > 0 THEN 'blocked'
                    WHEN pool IS NULL AND composed = 0 THEN 'unserved'
                    WHEN state = 'retrying' AND next_at IS NULL THEN 'undecided'
                    WHEN state = 'queued' AND not_before IS NULL
                        THEN CASE WHEN composed = 1 THEN 'composed' ELSE 'eligible' END
                    ELSE 'later' END,
                due_at = CASE WHEN state = 'queued' THEN not_before ELSE next_at END,
                expires_at = CASE
                    WHEN request IS NULL OR state IN ('succeeded', 'failed', 'cancelled') THEN NULL
                    WHEN state NOT IN ('queued', 'ready') OR attempt > 1
                        THEN CASE WHEN run = 1 THEN deadline_at END
                    WHEN run > 1 THEN COALESCE(queued_at, accepted_at) + queue_millis
                    WHEN deadline_at < COALESCE(not_before, accepted_at) + queue_millis THEN deadline_at
                    ELSE COALESCE(not_before, accepted_at) + queue_millis END
            """;

    private final Handle handle;
    private final int build;
    /** Whether jobs were erased, as far as this transaction has looked: most of its records are about few jobs. */
    private final Map<JobId, Boolean> erased = new HashMap<>();

    /** @param build whose positions are written */
    Writes(Handle handle, int build) {
        this.handle = handle;
        this.build = build;
    }

    /** A job was accepted. */
    @Override
    public void admit(StoredRequest request, @Nullable String pool) {
        if (isErased(request.job())) {
            return;
        }
        var submission = request.submission();
        var part = Optional.ofNullable(request.partOf());
        advance(request.job(), Standing.queued(RunId.first(request.job())), null, request.acceptedAt());
        int admitted = handle.createUpdate("""
                UPDATE jobs SET tenant = :tenant, type = :type, priority = :priority, accepted_at = :acceptedAt,
                    request = :request, pool = :pool, bundle = :bundle, not_before = :notBefore,
                    deadline_at = :deadline, queue_millis = :queueMillis, run_millis = :runMillis,
                    composed = :composed, composite = :composite, composite_run = :compositeRun, phase = :phase,
                    place = :place, memory = :memory
                WHERE job = :job AND request IS NULL""")
                .bind("job", request.job().value())
                .bind("tenant", request.tenant())
                .bind("type", JobType.of(submission.request()).wireName())
                .bind("priority", submission.priority())
                .bind("acceptedAt", request.acceptedAt().toEpochMilli())
                .bind("request", Json.text(request))
                .bind("pool", submission.request().composite() ? null : pool)
                .bind("bundle", request.bundle())
                .bind("notBefore", millis(submission.notBefore()))
                .bind("deadline", millis(submission.deadline()))
                .bind("queueMillis", TimeUnit.SECONDS.toMillis(submission.queueTimeoutSeconds()))
                .bind("runMillis", TimeUnit.SECONDS.toMillis(submission.runTimeoutSeconds()))
                .bind("composed", submission.request().composite() ? 1 : 0)
                .bind("composite", part.map(PartOf::composite).map(run -> run.job().value()).orElse(null))
                .bind("compositeRun", part.map(PartOf::composite).map(RunId::run).orElse(null))
                .bind("phase", part.map(PartOf::phase).orElse(null))
                .bind("place", part.map(PartOf::index).orElse(null))
                .bind("memory", request.memoryBytes())
                .execute();
        if (admitted > 0) {
            submission.subjects().forEach(subject -> belong(request, subject));
            submission.dependencies().forEach(parent -> dependOn(request.job(), parent, request.acceptedAt()));
            settle(request.job());
        }
    }

    private void belong(StoredRequest request, String subject) {
        handle.createUpdate("""
                INSERT INTO subjects (tenant, subject, job) VALUES (:tenant, :subject, :job) ON CONFLICT DO NOTHING""")
                .bind("tenant", request.tenant())
                .bind("subject", subject)
                .bind("job", request.job().value())
                .execute();
    }

    private boolean isErased(JobId job) {
        return erased.computeIfAbsent(job, this::findErased);
    }

    private boolean findErased(JobId job) {
        return handle.createQuery("SELECT 1 FROM erased WHERE job = :job")
                .bind("job", job.value())
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    /**
     * Forgets a job, and takes in no more of it. Its children keep that it was there: a row of theirs names it by its id
     * alone.
     */
    @Override
    public void erase(JobId job) {
        erased.put(job, true);
        handle.createUpdate("INSERT INTO erased (job) VALUES (:job) ON CONFLICT DO NOTHING")
                .bind("job", job.value())
                .execute();
        handle.createUpdate("""
                DELETE FROM webhook_deliveries WHERE notice IN (SELECT notice FROM webhook_notices WHERE job = :job)""")
                .bind("job", job.value())
                .execute();
        for (var table : List.of("jobs", "attempts", "job_events", "dependencies", "subjects", "webhook_notices")) {
            handle.createUpdate("DELETE FROM " + table + " WHERE job = :job").bind("job", job.value()).execute();
        }
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }

    /** Advancing the parent to where it surely is locks its row: whoever ends it at this moment sees this, or we see its end. */
    private void dependOn(JobId job, JobId parent, Instant at) {
        handle.createUpdate("INSERT INTO dependencies (job, parent) VALUES (:job, :parent) ON CONFLICT DO NOTHING")
                .bind("job", job.value())
                .bind("parent", parent.value())
                .execute();
        if (isErased(parent)) {
            // Intake refuses such a job; what slips through in between fails where it looks for the result.
            return;
        }
        advance(parent, Standing.queued(RunId.first(parent)), null, at);
        var state = handle.createQuery("SELECT state FROM jobs WHERE job = :parent")
                .bind("parent", parent.value())
                .mapTo(String.class)
                .one();
        tellDependants(parent, Standing.state(state));
    }

    /** What waits for a job learns where it stands. A success is remembered, whatever runs follow it. */
    private void tellDependants(JobId parent, JobState state) {
        int told = handle.createUpdate("""
                UPDATE dependencies SET outcome = :outcome
                WHERE parent = :parent AND (outcome IS NULL OR outcome <> 'succeeded')""")
                .bind("parent", parent.value())
                .bind("outcome", state.terminal() ? Standing.text(state) : null)
                .execute();
        if (told == 0) {
            return;
        }
        handle.createUpdate("""
                UPDATE jobs SET
                    unmet = (SELECT COUNT(*) FROM dependencies d WHERE d.job = jobs.job
                        AND (d.outcome IS NULL OR d.outcome <> 'succeeded')),
                    broken = (SELECT COUNT(*) FROM dependencies d WHERE d.job = jobs.job
                        AND d.outcome IN ('failed', 'cancelled'))
                WHERE job IN (SELECT job FROM dependencies WHERE parent = :parent)""")
                .bind("parent", parent.value())
                .execute();
        handle.createUpdate(SETTLE + "WHERE job IN (SELECT job FROM dependencies WHERE parent = :parent)")
                .bind("parent", parent.value())
                .execute();
    }

    /** Derives anew what a job waits for. */
    private void settle(JobId job) {
        handle.createUpdate(SETTLE + "WHERE job = :job").bind("job", job.value()).execute();
    }

    /** Something happened. */
    @Override
    public void note(Message message, Instant at) {
        if (message instanceof Message.AboutJob about && isErased(about.job())) {
            return;
        }
        switch (message) {
            case Message.RunQueued queued -> advance(queued.job(), Standing.queued(queued.run()), null, at);
            case Message.AttemptReady ready -> feed(ready, at);
            case Message.AttemptStarted started -> start(started, at);
            case Message.AttemptProgressed progressed -> progress(progressed, at);
            case Message.AttemptFailed failed -> fail(failed, at);
            case Message.AttemptDeferred deferred -> locate(deferred.attempt(), ReadyRecord.gone());
            case Message.CancelRequested cancel -> cancel(cancel.run(), at);
            case Message.JobErased erased -> erase(erased.job());
            case Message.RunEnded ended -> {
                advance(ended.job(), Standing.of(ended.manifest()), ended.manifest(), at);
                end(ended.manifest());
            }
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
    private void advance(JobId job, Standing standing, @Nullable Manifest manifest, Instant at) {
        int advanced = handle.createUpdate(
                """
                        INSERT INTO jobs (job, standing, state, run, attempt, ended_at, manifest, error, queued_at)
                        VALUES (:job, :standing, :state, :run, :attempt, :endedAt, :manifest, :error, :queuedAt)
                        ON CONFLICT (job) DO UPDATE SET standing = excluded.standing, state = excluded.state,
                            run = excluded.run, attempt = excluded.attempt, ended_at = excluded.ended_at,
                            manifest = excluded.manifest, error = excluded.error, queued_at = COALESCE(excluded.queued_at, jobs.queued_at), next_at = NULL, ready_part = NULL, ready_offset = NULL
                        WHERE excluded.standing > jobs.standing""")
                .bind("job", job.value())
                .bind("standing", standing.order())
                .bind("state", Standing.text(standing.state()))
                .bind("run", standing.run())
                .bind("attempt", standing.attempt())
                .bind("endedAt", manifest == null ? null : manifest.endedAt().toEpochMilli())
                .bind("manifest", manifest == null ? null : Json.text(manifest))
                .bind("error", manifest == null || manifest.failure() == null
                        ? null
                        : manifest.failure().category().name())
                .bind("queuedAt", standing.state() == JobState.QUEUED ? at.toEpochMilli() : null)
                .execute();
        if (advanced > 0) {
            settle(job);
            if (standing.state().terminal() || standing.run() > RunId.FIRST) {
                tellDependants(job, standing.state());
            }
        }
    }

    private void feed(Message.AttemptReady ready, Instant at) {
        advance(ready.job(), Standing.of(ready.attempt(), JobState.READY), null, at);
        attempt(ready.attempt());
        // One that is fed again has waited from the first time on.
        handle.createUpdate("""
                UPDATE attempts SET fed_at = :at
                WHERE job = :job AND run = :run AND attempt = :attempt AND (fed_at IS NULL OR fed_at > :at)""")
                .bindMap(Keys.of(ready.attempt()))
                .bind("at", at.toEpochMilli())
                .execute();
    }

    private void start(Message.AttemptStarted started, Instant at) {
        advance(started.job(), Standing.of(started.attempt(), JobState.RUNNING), null, at);
        attempt(started.attempt());
        // Of two accounts of one start the earlier holds.
        handle.createUpdate("""
                UPDATE attempts SET worker = :worker, host = :host, slot = :slot, started_at = :at,
                    resumed_from = :resumedFrom
                WHERE job = :job AND run = :run AND attempt = :attempt
                    AND (started_at IS NULL OR started_at > :at)""")
                .bindMap(Keys.of(started.attempt()))
                .bind("worker", started.worker())
                .bind("host", started.host())
                .bind("slot", started.slot())
                .bind("at", at.toEpochMilli())
                .bind("resumedFrom", started.resumedFrom())
                .execute();
        alive(started.attempt(), at);
    }

    private void progress(Message.AttemptProgressed progressed, Instant at) {
        advance(progressed.job(), Standing.of(progressed.attempt(), JobState.RUNNING), null, at);
        attempt(progressed.attempt());
        handle.createUpdate("""
                UPDATE attempts SET sequence = :sequence, progress = :progress
                WHERE job = :job AND run = :run AND attempt = :attempt AND sequence < :sequence""")
                .bindMap(Keys.of(progressed.attempt()))
                .bind("sequence", progressed.sequence())
                .bind("progress", Json.text(progressed.progress()))
                .execute();
        alive(progressed.attempt(), at);
    }

    /** What the attempt took that ended its run; a run that the dispatcher ended has no such attempt. */
    private void end(Manifest manifest) {
        deviceMillis(manifest.seconds()).ifPresent(millis -> {
            var attempt = new AttemptId(manifest.run(), manifest.attempt());
            attempt(attempt);
            handle.createUpdate("""
                    UPDATE attempts SET device_millis = :millis, useful = :useful
                    WHERE job = :job AND run = :run AND attempt = :attempt""")
                    .bindMap(Keys.of(attempt))
                    .bind("millis", millis)
                    .bind("useful", manifest.outcome() == Outcome.SUCCEEDED ? 1 : 0)
                    .execute();
        });
    }

    /** How long was computed, of the seconds that a worker tells by phase. */
    private static Optional<Long> deviceMillis(Map<String, Double> seconds) {
        return Optional.ofNullable(seconds.get(COMPUTING)).map(time -> Math.round(time * 1_000));
    }

    private void alive(AttemptId attempt, Instant at) {
        handle.createUpdate("""
                UPDATE attempts SET alive_at = :at
                WHERE job = :job AND run = :run AND attempt = :attempt AND (alive_at IS NULL OR alive_at < :at)""")
                .bindMap(Keys.of(attempt))
                .bind("at", at.toEpochMilli())
                .execute();
    }

    private void fail(Message.AttemptFailed failed, Instant at) {
        advance(failed.job(), Standing.of(failed.attempt(), JobState.RETRYING), null, at);
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
        deviceMillis(failed.seconds()).ifPresent(millis -> handle.createUpdate("""
                UPDATE attempts SET device_millis = :millis WHERE job = :job AND run = :run AND attempt = :attempt""")
                .bindMap(Keys.of(failed.attempt()))
                .bind("millis", millis)
                .execute());
    }

    private void attempt(AttemptId attempt) {
        handle.createUpdate("""
                INSERT INTO attempts (job, run, attempt) VALUES (:job, :run, :attempt)
                ON CONFLICT (job, run, attempt) DO NOTHING""")
                .bindMap(Keys.of(attempt))
                .execute();
    }

    private void cancel(RunId run, Instant at) {
        advance(run.job(), Standing.queued(run), null, at);
        handle.createUpdate("UPDATE jobs SET cancel_run = :run WHERE job = :job AND cancel_run < :run")
                .bindMap(Keys.of(run))
                .execute();
        settle(run.job());
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
        settle(failed.job());
    }

    /** An event of a job, for those who watch it. */
    @Override
    public void keep(StoredEvent event) {
        if (isErased(event.job())) {
            return;
        }
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

    /** An event that webhooks may want to be told of. */
    @Override
    public void keep(Notice notice, Instant read) {
        handle.createUpdate("""
                INSERT INTO webhook_notices (notice, job, type, told_at, read_at, body)
                VALUES (:notice, :job, :type, :toldAt, :readAt, :body)
                ON CONFLICT (notice) DO NOTHING""")
                .bind("notice", notice.id())
                .bind("job", notice.job().value())
                .bind("type", notice.type().shortName())
                .bind("toldAt", notice.time().toEpochMilli())
                .bind("readAt", read.toEpochMilli())
                .bind("body", notice.body())
                .execute();
    }

    /** A partition was read up to here. */
    @Override
    public void position(String topic, int partition, long next) {
        handle.createUpdate("""
                INSERT INTO positions (topic, part, build, next_offset) VALUES (:topic, :part, :build, :next)
                ON CONFLICT (topic, part, build) DO UPDATE SET next_offset = excluded.next_offset""")
                .bind("topic", topic)
                .bind("part", partition)
                .bind("build", build)
                .bind("next", next)
                .execute();
    }

    /** Jobs of a type that wait, wait in this pool from now on; without a pool, until there is one. */
    void route(JobType type, Optional<String> pool) {
        handle.createUpdate("UPDATE jobs SET pool = :pool WHERE type = :type AND composed = 0 AND state IN ('queued',"
                + " 'retrying')")
                .bind("type", type.wireName())
                .bind("pool", pool.orElse(null))
                .execute();
        handle.createUpdate(SETTLE + "WHERE type = :type AND stage <> 'none'")
                .bind("type", type.wireName())
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
