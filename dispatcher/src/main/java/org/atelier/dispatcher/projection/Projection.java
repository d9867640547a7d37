package org.atelier.dispatcher.projection;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.function.Function;

import org.atelier.common.api.JobState;
import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.dispatcher.schedule.Ability;
import org.atelier.dispatcher.schedule.Active;
import org.atelier.dispatcher.schedule.DoomedRun;
import org.atelier.dispatcher.schedule.FailedAttempt;
import org.atelier.dispatcher.schedule.FedAttempt;
import org.atelier.dispatcher.schedule.IdleRun;
import org.atelier.dispatcher.schedule.OpenComposite;
import org.atelier.dispatcher.schedule.OverdueRun;
import org.atelier.dispatcher.schedule.Part;
import org.atelier.dispatcher.schedule.Pools;
import org.atelier.dispatcher.schedule.Queued;
import org.atelier.dispatcher.schedule.ReadyRecord;
import org.atelier.dispatcher.schedule.RunBook;
import org.atelier.dispatcher.schedule.RunningAttempt;
import org.atelier.dispatcher.schedule.Waiting;
import org.atelier.dispatcher.webhook.Notice;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The book of runs in the database. Safe for use by several threads. */
public final class Projection implements RunBook {
    static final String TENANTS_WAITING = """
            WITH RECURSIVE waiting (tenant) AS (
                SELECT MIN(tenant) FROM jobs WHERE stage = 'eligible' AND pool = :pool
                UNION ALL
                SELECT (SELECT MIN(j.tenant) FROM jobs j WHERE j.stage = 'eligible' AND j.pool = :pool
                    AND j.tenant > waiting.tenant) FROM waiting WHERE waiting.tenant IS NOT NULL)
            SELECT tenant FROM waiting WHERE tenant IS NOT NULL""";
    static final String WAITING = """
            SELECT job, run, attempt + 1 AS attempt, priority, bundle FROM jobs
            WHERE stage = 'eligible' AND pool = :pool AND tenant = :tenant
            ORDER BY priority DESC, accepted_at, job
            LIMIT :limit""";
    /** The same steps along the index, past those that nobody can run. */
    static final String WAITING_ABLE = """
            SELECT job, run, attempt + 1 AS attempt, priority, bundle FROM jobs
            WHERE stage = 'eligible' AND pool = :pool AND tenant = :tenant
                AND (memory IS NULL OR memory <= :memory) AND type IN (<types>)
            ORDER BY priority DESC, accepted_at, job
            LIMIT :limit""";

    static final String QUEUED = """
            SELECT COUNT(*) AS jobs, MIN(accepted_at) AS since FROM (
                SELECT accepted_at FROM jobs WHERE stage = 'eligible' AND pool = :pool AND tenant = :tenant
                ORDER BY priority DESC, accepted_at, job
                LIMIT :limit) AS first""";
    static final String QUEUED_ABLE = """
            SELECT COUNT(*) AS jobs, MIN(accepted_at) AS since FROM (
                SELECT accepted_at FROM jobs WHERE stage = 'eligible' AND pool = :pool AND tenant = :tenant
                    AND (memory IS NULL OR memory <= :memory) AND type IN (<types>)
                ORDER BY priority DESC, accepted_at, job
                LIMIT :limit) AS first""";

    static final String DUE = """
            SELECT job FROM jobs WHERE stage = 'later' AND due_at <= :now ORDER BY due_at, job LIMIT :limit""";
    static final String OVERDUE = """
            SELECT job, run, attempt, state FROM jobs WHERE expires_at <= :now ORDER BY expires_at, job LIMIT :limit""";
    static final String DOOMED = """
            SELECT j.job, j.run, j.attempt, p.manifest FROM jobs j
            JOIN jobs p ON p.job = (SELECT MIN(d.parent) FROM dependencies d
                WHERE d.job = j.job AND d.outcome IN ('failed', 'cancelled'))
            WHERE j.stage = 'blocked' AND j.broken > 0 AND p.manifest IS NOT NULL
            ORDER BY j.accepted_at, j.job
            LIMIT :limit""";
    static final String UNDECIDED = """
            SELECT j.job, j.run, j.attempt, a.failure, a.seconds, a.resumed_from,
                (SELECT SUM(c.counts) FROM attempts c WHERE c.job = j.job AND c.run = j.run) AS counted,
                (SELECT COUNT(*) FROM attempts p WHERE p.job = j.job AND p.run = j.run AND p.counts = 0
                    AND p.failed_at IS NOT NULL AND p.resumed_from = a.resumed_from) AS fruitless
            FROM jobs j JOIN attempts a ON a.job = j.job AND a.run = j.run AND a.attempt = j.attempt
            WHERE j.stage = 'undecided'
            ORDER BY j.accepted_at, j.job
            LIMIT :limit""";

    static final String COMPOSITES = """
            SELECT j.job, j.run, j.attempt, j.cancel_run,
                (SELECT COUNT(*) FROM jobs p WHERE p.composite = j.job) AS known,
                (SELECT COUNT(*) FROM jobs p WHERE p.composite = j.job AND p.ended_at IS NOT NULL) AS ended
            FROM jobs j WHERE j.stage = 'composed' ORDER BY j.accepted_at, j.job""";
    static final String STRAYS = """
            SELECT p.job, p.run, p.attempt FROM jobs p JOIN jobs c ON c.job = p.composite
            WHERE p.composite IS NOT NULL AND p.ended_at IS NULL AND p.run = 1 AND p.cancel_run = 0
                AND (c.ended_at IS NOT NULL OR c.run > p.composite_run)
            LIMIT :limit""";
    static final String PARTS = """
            SELECT job, run, type, state, composite, composite_run, phase, place FROM jobs WHERE composite = :composite
            ORDER BY composite_run, phase, place""";

    static final String KNOWN = """
            SELECT job, run, attempt, cancel_run, CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END AS ended,
                CASE WHEN request IS NULL THEN 0 ELSE 1 END AS requested
            FROM jobs WHERE job IN (<jobs>)""";

    private final Database database;
    private volatile int build;

    /** The projection, as its newest build has it. */
    public Projection(Database database) {
        this.database = database;
        this.build = database.read(Builds::newest).number();
    }

    /** From now on positions are those of this build. What was begun under an earlier one moves them no more. */
    public void enter(Build newer) {
        this.build = newer.number();
    }

    private Writes writes(Handle handle) {
        return new Writes(handle, build);
    }

    /** What a batch of records caused, in one transaction with how far they were read. */
    public interface Batch {
        /** A job was accepted, and is run by a pool; none where no pool runs its type. */
        void admit(StoredRequest request, @Nullable String pool);

        /** Something happened. */
        void note(Message message, Instant at);

        /** A job was erased. */
        void erase(JobId job);

        /** A record of the results topic told of the end of a run. */
        void announced(RunId run);

        /** Keeps an event for those who watch its job. */
        void keep(StoredEvent event);

        /** Keeps an event until it is said which webhooks are told of it; one that was kept before stays as it is. */
        void keep(Notice notice, Instant read);

        /** A partition was read up to here. */
        void position(String topic, int partition, long next);
    }

    /** Writes a batch: all of it or nothing. */
    public void write(Consumer<Batch> batch) {
        database.write(handle -> {
            batch.accept(writes(handle));
            return null;
        });
    }

    /** How far a topic was read: the next offset of each of its partitions that was read at all. */
    public Map<Integer, Long> positions(String topic) {
        return database.read(handle -> handle
                .createQuery("SELECT part, next_offset FROM positions WHERE topic = :topic AND build = :build")
                .bind("topic", topic)
                .bind("build", build)
                .reduceRows(new HashMap<>(), (positions, row) -> {
                    positions.put(row.getColumn("part", Integer.class), row.getColumn("next_offset", Long.class));
                    return positions;
                }));
    }

    /** How much is known of jobs; those of which nothing is are left out. */
    public Map<JobId, KnownJob> known(List<JobId> jobs) {
        if (jobs.isEmpty()) {
            return Map.of();
        }
        return database.read(handle -> handle.createQuery(KNOWN)
                .bindList("jobs", jobs.stream().map(JobId::value).toList())
                .reduceRows(new HashMap<>(), (known, row) -> {
                    known.put(Rows.job(row), new KnownJob(Rows.number(row, "requested") > 0, Rows.number(row, "run"),
                            Rows.number(row, "attempt"), Rows.number(row, "ended") > 0, Rows.number(row,
                                    "cancel_run")));
                    return known;
                }));
    }

    /** Gives the jobs that wait to the pools of today: the setting may have changed since they were accepted. */
    public void route(Pools pools) {
        database.write(handle -> {
            var writes = writes(handle);
            for (var type : JobType.values()) {
                writes.route(type, pools.poolOf(type));
            }
            return null;
        });
    }

    /** Looks before it writes: a round in which nobody's time has come takes no turn from those who write. */
    @Override
    public int promote(Instant now, int limit) {
        var due = database.read(handle -> handle.createQuery(DUE)
                .bind("now", now.toEpochMilli())
                .bind("limit", limit)
                .mapTo(String.class)
                .list());
        if (due.isEmpty()) {
            return 0;
        }
        return database.write(handle -> handle.createUpdate(
                """
                        UPDATE jobs SET stage = CASE WHEN composed = 1 THEN 'composed' ELSE 'eligible' END
                        WHERE stage = 'later' AND job IN (<due>)""")
                .bindList("due", due)
                .execute());
    }

    /** Steps from tenant to tenant in the index, whatever lies between. */
    @Override
    public List<String> tenantsWaiting(String pool) {
        return database.read(handle -> handle.createQuery(TENANTS_WAITING)
                .bind("pool", pool)
                .mapTo(String.class)
                .list());
    }

    @Override
    public List<Waiting> waiting(String pool, String tenant, int limit) {
        return database.read(handle -> waiting(handle.createQuery(WAITING), pool, tenant, limit));
    }

    @Override
    public List<Waiting> waiting(String pool, String tenant, Ability able, int limit) {
        if (able.equals(Ability.ANYTHING)) {
            return waiting(pool, tenant, limit);
        }
        if (able.types().isEmpty()) {
            return List.of();
        }
        return database.read(handle -> waiting(bound(handle.createQuery(WAITING_ABLE), able), pool, tenant, limit));
    }

    private static Query bound(Query query, Ability able) {
        return query.bind("memory", able.memoryBytes())
                .bindList("types", able.types().stream().map(JobType::wireName).sorted().toList());
    }

    private static List<Waiting> waiting(Query query, String pool, String tenant, int limit) {
        return query.bind("pool", pool)
                .bind("tenant", tenant)
                .bind("limit", limit)
                .map(row -> new Waiting(Rows.attempt(row), Rows.number(row, "priority"), Rows.text(row, "bundle")))
                .list();
    }

    @Override
    public Queued queued(String pool, String tenant, Ability able, int limit) {
        if (able.types().isEmpty()) {
            return new Queued(0, null);
        }
        return database.read(handle -> (able.equals(Ability.ANYTHING)
                ? handle.createQuery(QUEUED)
                : bound(handle.createQuery(QUEUED_ABLE), able))
                .bind("pool", pool)
                .bind("tenant", tenant)
                .bind("limit", limit)
                .map(row -> new Queued(Rows.number(row, "jobs"), Rows.instant(row, "since")))
                .one());
    }

    @Override
    public boolean hasWaiting(String tenant, int jobs) {
        return database.read(handle -> handle.createQuery(
                """
                        SELECT 1 FROM jobs WHERE tenant = :tenant AND stage <> 'none' AND stage <> 'composed' LIMIT 1 OFFSET :others""")
                .bind("tenant", tenant)
                .bind("others", jobs - 1)
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
    }

    @Override
    public List<Active> active() {
        return database.read(handle -> handle.createQuery(
                """
                        SELECT pool, tenant, bundle, COUNT(*) AS attempts, SUM(claimed) AS running FROM (
                            SELECT pool, tenant, bundle, 0 AS claimed FROM jobs WHERE state = 'ready' AND pool IS NOT NULL AND request IS NOT NULL
                            UNION ALL
                            SELECT pool, tenant, bundle, 1 AS claimed FROM jobs WHERE state = 'running' AND pool IS NOT NULL AND request IS NOT NULL
                        ) AS taken GROUP BY pool, tenant, bundle""")
                .map(row -> new Active(Rows.text(row, "pool"), Rows.text(row, "tenant"), Rows.text(row, "bundle"), Rows
                        .number(row, "attempts"), Rows.number(row, "running")))
                .list());
    }

    @Override
    public List<OverdueRun> overdue(Instant now, int limit) {
        return database.read(handle -> handle.createQuery(
                OVERDUE)
                .bind("now", now.toEpochMilli())
                .bind("limit", limit)
                .map(row -> new OverdueRun(Rows.idle(row), Standing.state(Rows.text(row, "state")) == JobState.RUNNING))
                .list());
    }

    @Override
    public List<DoomedRun> doomed(int limit) {
        return database.read(handle -> handle.createQuery(DOOMED)
                .bind("limit", limit)
                .map(row -> new DoomedRun(Rows.idle(row), Rows.manifest(row)))
                .list());
    }

    @Override
    public List<FedAttempt> fed() {
        return database.read(handle -> handle.createQuery("""
                SELECT job, run, attempt, pool, ready_part, ready_offset, cancel_run FROM jobs
                WHERE state = 'ready' AND request IS NOT NULL AND pool IS NOT NULL""")
                .map(row -> Rows.fed(row))
                .list());
    }

    @Override
    public List<RunningAttempt> running() {
        return database.read(handle -> handle.createQuery("""
                SELECT j.job, j.run, j.attempt, j.run_millis, a.worker, a.host, a.sequence FROM jobs j
                LEFT JOIN attempts a ON a.job = j.job AND a.run = j.run AND a.attempt = j.attempt
                WHERE j.state = 'running' AND j.composed = 0""")
                .map(row -> Rows.running(row))
                .list());
    }

    @Override
    public List<FailedAttempt> undecided(int limit) {
        return database.read(handle -> handle.createQuery(UNDECIDED)
                .bind("limit", limit)
                .map(row -> Rows.failed(row))
                .list());
    }

    @Override
    public List<IdleRun> abandoned(int limit) {
        return database.read(handle -> handle.createQuery("""
                SELECT job, run, attempt FROM jobs
                WHERE state IN ('queued', 'retrying') AND cancel_run >= run AND composed = 0
                ORDER BY accepted_at, job
                LIMIT :limit""")
                .bind("limit", limit)
                .map(row -> Rows.idle(row))
                .list());
    }

    @Override
    public List<OpenComposite> composites() {
        return database.read(handle -> handle.createQuery(COMPOSITES)
                .map(row -> new OpenComposite(Rows.idle(row), Rows.isCancelling(row), Rows.number(row, "known"), Rows
                        .number(row, "ended")))
                .list());
    }

    @Override
    public List<Part> parts(JobId composite) {
        return database.read(handle -> handle.createQuery(PARTS)
                .bind("composite", composite.value())
                .map(row -> Rows.part(row))
                .list());
    }

    @Override
    public List<IdleRun> strays(int limit) {
        return database.read(handle -> handle.createQuery(STRAYS)
                .bind("limit", limit)
                .map(row -> Rows.idle(row))
                .list());
    }

    @Override
    public List<Manifest> unannounced(int limit) {
        return database.read(handle -> handle.createQuery("""
                SELECT manifest FROM jobs WHERE manifest IS NOT NULL AND result_run < run ORDER BY job LIMIT :limit""")
                .bind("limit", limit)
                .map(row -> Rows.manifest(row))
                .list());
    }

    @Override
    public StoredRequest request(JobId job) {
        return database.read(handle -> handle.createQuery("SELECT request FROM jobs WHERE job = :job")
                .bind("job", job.value())
                .map(row -> Rows.find(row, "request", StoredRequest.class))
                .findOne()
                .flatMap(Function.identity())
                .orElseThrow(() -> new NoSuchElementException("the book has no request of " + job)));
    }

    @Override
    public void fed(Message.AttemptReady ready, ReadyRecord record, Instant at) {
        database.write(handle -> {
            var writes = writes(handle);
            writes.note(ready, at);
            writes.locate(ready.attempt(), record);
            return null;
        });
    }

    @Override
    public void retry(AttemptId failed, Instant from) {
        database.write(handle -> {
            writes(handle).due(failed, from);
            return null;
        });
    }

    @Override
    public void note(Message message, Instant at) {
        database.write(handle -> {
            writes(handle).note(message, at);
            return null;
        });
    }

    @Override
    public void forgetEvents(Instant before) {
        database.write(handle -> handle.createUpdate("DELETE FROM job_events WHERE told_at < :before")
                .bind("before", before.toEpochMilli())
                .execute());
    }
}
