package org.atelier.dispatcher.projection;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.function.Function;

import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.dispatcher.schedule.FailedAttempt;
import org.atelier.dispatcher.schedule.FedAttempt;
import org.atelier.dispatcher.schedule.IdleRun;
import org.atelier.dispatcher.schedule.Pools;
import org.atelier.dispatcher.schedule.ReadyRecord;
import org.atelier.dispatcher.schedule.RunBook;
import org.atelier.dispatcher.schedule.RunningAttempt;
import org.jspecify.annotations.Nullable;

/** The book of runs in the database. Safe for use by several threads. */
public final class Projection implements RunBook {
    private final Database database;

    public Projection(Database database) {
        this.database = database;
    }

    /** What a batch of records caused, in one transaction with how far they were read. */
    public interface Batch {
        /** A job was accepted, and is run by a pool; none where no pool runs its type. */
        void admit(StoredRequest request, @Nullable String pool);

        /** Something happened. */
        void note(Message message, Instant at);

        /** A record of the results topic told of the end of a run. */
        void announced(RunId run);

        /** Keeps an event for those who watch its job. */
        void keep(StoredEvent event);

        /** A partition was read up to here. */
        void position(String topic, int partition, long next);
    }

    /** Writes a batch: all of it or nothing. */
    public void write(Consumer<Batch> batch) {
        database.write(handle -> {
            batch.accept(new Writes(handle));
            return null;
        });
    }

    /** How far a topic was read: the next offset of each of its partitions that was read at all. */
    public Map<Integer, Long> positions(String topic) {
        return database.read(handle -> handle
                .createQuery("SELECT part, next_offset FROM positions WHERE topic = :topic")
                .bind("topic", topic)
                .reduceRows(new HashMap<>(), (positions, row) -> {
                    positions.put(row.getColumn("part", Integer.class), row.getColumn("next_offset", Long.class));
                    return positions;
                }));
    }

    /** Gives the jobs that wait to the pools of today: the setting may have changed since they were accepted. */
    public void route(Pools pools) {
        database.write(handle -> {
            var writes = new Writes(handle);
            for (var type : JobType.values()) {
                writes.route(type, pools.poolOf(type));
            }
            return null;
        });
    }

    @Override
    public List<AttemptId> waiting(String pool, Instant now, int limit) {
        return database.read(handle -> handle.createQuery("""
                SELECT job, run, attempt + 1 AS attempt FROM jobs
                WHERE pool = :pool AND request IS NOT NULL AND cancel_run < run
                    AND state IN ('queued', 'retrying') AND (state = 'queued' OR next_at <= :now)
                ORDER BY priority DESC, accepted_at, job
                LIMIT :limit""")
                .bind("pool", pool)
                .bind("now", now.toEpochMilli())
                .bind("limit", limit)
                .map(row -> Rows.attempt(row))
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
                SELECT j.job, j.run, j.attempt, a.worker, a.host, a.sequence FROM jobs j
                LEFT JOIN attempts a ON a.job = j.job AND a.run = j.run AND a.attempt = j.attempt
                WHERE j.state = 'running'""")
                .map(row -> Rows.running(row))
                .list());
    }

    @Override
    public List<FailedAttempt> undecided(int limit) {
        return database.read(handle -> handle.createQuery("""
                SELECT j.job, j.run, j.attempt, a.failure, a.seconds,
                    (SELECT SUM(c.counts) FROM attempts c WHERE c.job = j.job AND c.run = j.run) AS counted
                FROM jobs j JOIN attempts a ON a.job = j.job AND a.run = j.run AND a.attempt = j.attempt
                WHERE j.state = 'retrying' AND j.next_at IS NULL AND j.cancel_run < j.run
                ORDER BY j.accepted_at, j.job
                LIMIT :limit""")
                .bind("limit", limit)
                .map(row -> Rows.failed(row))
                .list());
    }

    @Override
    public List<IdleRun> abandoned(int limit) {
        return database.read(handle -> handle.createQuery("""
                SELECT job, run, attempt FROM jobs
                WHERE state IN ('queued', 'retrying') AND cancel_run >= run
                ORDER BY accepted_at, job
                LIMIT :limit""")
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
            var writes = new Writes(handle);
            writes.note(ready, at);
            writes.locate(ready.attempt(), record);
            return null;
        });
    }

    @Override
    public void retry(AttemptId failed, Instant from) {
        database.write(handle -> {
            new Writes(handle).due(failed, from);
            return null;
        });
    }

    @Override
    public void note(Message message, Instant at) {
        database.write(handle -> {
            new Writes(handle).note(message, at);
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
