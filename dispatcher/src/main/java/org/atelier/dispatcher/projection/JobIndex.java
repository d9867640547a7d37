package org.atelier.dispatcher.projection;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import org.atelier.common.api.JobState;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobFailure;
import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.dispatcher.schedule.Part;
import org.jdbi.v3.core.result.RowView;
import org.jspecify.annotations.Nullable;

/** Finds jobs, and replays their events, for those who ask. Safe for use by several threads. */
public final class JobIndex {
    private static final String ROWS = """
            SELECT j.job, j.state, j.run, j.attempt, j.cancel_run, j.ended_at, j.manifest, j.request, j.accepted_at,
                a.started_at, a.progress, a.attempt AS newest_attempt,
                (SELECT f.failure FROM attempts f WHERE f.job = j.job AND f.run = j.run AND f.failure IS NOT NULL
                 ORDER BY f.attempt DESC LIMIT 1) AS failure
            FROM jobs j
            LEFT JOIN attempts a ON a.job = j.job AND a.run = j.run AND a.attempt =
                (SELECT MAX(n.attempt) FROM attempts n WHERE n.job = j.job AND n.run = j.run
                    AND (n.worker IS NOT NULL OR n.sequence >= 0))
            WHERE j.request IS NOT NULL\s""";

    private final Database database;

    public JobIndex(Database database) {
        this.database = database;
    }

    /**
     * A job as the projection has it.
     *
     * @param request     what was asked
     * @param state       where it stands
     * @param cancelling  whether somebody wants its end and it has not ended
     * @param run         its newest run
     * @param attempt     the newest attempt of that; 0 before the first
     * @param startedAt   when that started
     * @param endedAt     when the run ended
     * @param progress    how far the attempt is
     * @param lastFailure why the last failed attempt did
     * @param manifest    how the run ended
     */
    public record Entry(
            StoredRequest request,
            JobState state,
            boolean cancelling,
            int run,
            int attempt,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            Message.@Nullable Progress progress,
            @Nullable JobFailure lastFailure,
            @Nullable Manifest manifest) {}

    /**
     * Which jobs.
     *
     * @param tenant  whose
     * @param state   empty: any
     * @param type    empty: any
     * @param subject a person that they are about; empty: anybody
     */
    public record Filter(String tenant, Optional<JobState> state, Optional<JobType> type, Optional<String> subject) {
        /** Jobs about anybody. */
        public Filter(String tenant, Optional<JobState> state, Optional<JobType> type) {
            this(tenant, state, type, Optional.empty());
        }
    }

    /**
     * A place in the list of jobs, newest first: those after it are older.
     *
     * @param acceptedAt milliseconds since 1970
     * @param job        decides between jobs of one millisecond
     */
    public record Cursor(long acceptedAt, JobId job) {
        private static final Pattern SHAPE = Pattern.compile("(\\d{1,15}):(" + JobId.PATTERN + ")");

        /** The place of a job. */
        public static Cursor of(Entry entry) {
            return new Cursor(entry.request.acceptedAt().toEpochMilli(), entry.request.job());
        }

        /**
         * Reads a written cursor.
         *
         * @throws IllegalArgumentException if it is none
         */
        public static Cursor parse(String text) {
            var matcher = SHAPE.matcher(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
            if (!matcher.matches()) {
                throw new IllegalArgumentException("no cursor: " + text);
            }
            return new Cursor(Long.parseLong(matcher.group(1)), new JobId(matcher.group(2)));
        }

        /** Opaque text. */
        @Override
        public String toString() {
            return Base64.getUrlEncoder().withoutPadding().encodeToString((acceptedAt + ":" + job).getBytes(
                    StandardCharsets.UTF_8));
        }
    }

    /** A job, or empty where the projection does not know it (yet). */
    public Optional<Entry> find(JobId job) {
        return database.read(handle -> handle.createQuery(ROWS + "AND j.job = :job")
                .bind("job", job.value())
                .map(row -> entry(row))
                .findOne());
    }

    /** The newest jobs that fit, after a place in the list. */
    public List<Entry> list(Filter filter, Optional<Cursor> after, int limit) {
        var sql = new StringBuilder(ROWS).append("AND j.tenant = :tenant");
        filter.state.ifPresent(state -> sql.append(" AND j.state = :state"));
        filter.type.ifPresent(type -> sql.append(" AND j.type = :type"));
        filter.subject.ifPresent(subject -> sql.append(
                " AND j.job IN (SELECT s.job FROM subjects s WHERE s.tenant = :tenant AND s.subject = :subject)"));
        after.ifPresent(cursor -> sql.append(
                " AND (j.accepted_at < :acceptedAt OR (j.accepted_at = :acceptedAt AND j.job < :job))"));
        sql.append(" ORDER BY j.accepted_at DESC, j.job DESC LIMIT :limit");
        return database.read(handle -> {
            var query = handle.createQuery(sql.toString()).bind("tenant", filter.tenant).bind("limit", limit);
            filter.state.ifPresent(state -> query.bind("state", Standing.text(state)));
            filter.type.ifPresent(type -> query.bind("type", type.wireName()));
            filter.subject.ifPresent(subject -> query.bind("subject", subject));
            after.ifPresent(cursor -> query.bind("acceptedAt", cursor.acceptedAt).bind("job", cursor.job.value()));
            return query.map(row -> entry(row)).list();
        });
    }

    /**
     * Which failed jobs.
     *
     * @param tenant whose
     * @param type   empty: any
     * @param error  empty: any
     * @param since  failed at or after this; empty: whenever
     */
    public record Failures(String tenant, Optional<JobType> type, Optional<ErrorCategory> error,
            Optional<Instant> since) {}

    /** The jobs that failed and fit, the first to fail first. */
    public List<Entry> failed(Failures failures, int limit) {
        var sql = new StringBuilder(ROWS).append("AND j.state = 'failed' AND j.tenant = :tenant");
        failures.type.ifPresent(type -> sql.append(" AND j.type = :type"));
        failures.error.ifPresent(error -> sql.append(" AND j.error = :error"));
        failures.since.ifPresent(since -> sql.append(" AND j.ended_at >= :since"));
        sql.append(" ORDER BY j.ended_at, j.job LIMIT :limit");
        return database.read(handle -> {
            var query = handle.createQuery(sql.toString()).bind("tenant", failures.tenant).bind("limit", limit);
            failures.type.ifPresent(type -> query.bind("type", type.wireName()));
            failures.error.ifPresent(error -> query.bind("error", error.name()));
            failures.since.ifPresent(since -> query.bind("since", since.toEpochMilli()));
            return query.map(row -> entry(row)).list();
        });
    }

    /** How long the newest attempts of a type took that succeeded, on average, in seconds; empty where none has. */
    public Optional<Double> usualSeconds(JobType type) {
        return database.read(handle -> handle.createQuery("""
                SELECT AVG(seconds) FROM (
                    SELECT (j.ended_at - a.started_at) / 1000.0 AS seconds FROM jobs j
                    JOIN attempts a ON a.job = j.job AND a.run = j.run AND a.attempt = j.attempt
                    WHERE j.state = 'succeeded' AND j.type = :type AND a.started_at IS NOT NULL
                    ORDER BY j.ended_at DESC LIMIT 50) AS newest""")
                .bind("type", type.wireName())
                .mapTo(Double.class)
                .findOne());
    }

    /** The parts of a composite job, of all its runs, in their places; as far as their requests were read. */
    public List<Part> parts(JobId composite) {
        return database.read(handle -> handle.createQuery(Projection.PARTS)
                .bind("composite", composite.value())
                .map(row -> Rows.part(row))
                .list());
    }

    /** The jobs of a tenant that are about a person, in the order of their ids. */
    public List<JobId> about(String tenant, String subject, int limit) {
        return database.read(handle -> handle.createQuery("""
                SELECT job FROM subjects WHERE tenant = :tenant AND subject = :subject ORDER BY job LIMIT :limit""")
                .bind("tenant", tenant)
                .bind("subject", subject)
                .bind("limit", limit)
                .map(row -> Rows.job(row))
                .list());
    }

    /** The jobs that wait, or waited, for a job: because they read its result, or because they say so. */
    public List<Entry> children(JobId parent) {
        return database.read(handle -> handle.createQuery(ROWS
                + "AND j.job IN (SELECT d.job FROM dependencies d WHERE d.parent = :parent) ORDER BY j.job")
                .bind("parent", parent.value())
                .map(row -> entry(row))
                .list());
    }

    /**
     * An attempt as the projection has it.
     *
     * @param id          which it is
     * @param worker      that claimed it; absent before
     * @param host        where that runs
     * @param slot        of the worker
     * @param fedAt       when it was first put into the ready topic of its pool
     * @param startedAt   when it started
     * @param failedAt    when it failed; absent where it did not
     * @param resumedFrom steps that earlier attempts had done for it
     * @param progress    how far it is
     * @param failure     why it failed
     * @param seconds     where the time of one that failed went, by phase
     */
    public record AttemptEntry(
            AttemptId id,
            @Nullable String worker,
            @Nullable String host,
            @Nullable String slot,
            @Nullable Instant fedAt,
            @Nullable Instant startedAt,
            @Nullable Instant failedAt,
            int resumedFrom,
            Message.@Nullable Progress progress,
            @Nullable JobFailure failure,
            Map<String, Double> seconds) {}

    /** The newest attempts at a job, of all its runs, the first of them first. */
    public List<AttemptEntry> attempts(JobId job, int limit) {
        return database.read(handle -> handle.createQuery("""
                SELECT job, run, attempt, worker, host, slot, fed_at, started_at, failed_at, resumed_from, progress,
                    failure, seconds
                FROM attempts WHERE job = :job ORDER BY run DESC, attempt DESC LIMIT :limit""")
                .bind("job", job.value())
                .bind("limit", limit)
                .map(row -> attempt(row))
                .list()).reversed();
    }

    private static AttemptEntry attempt(RowView row) {
        return new AttemptEntry(Rows.attempt(row), Rows.find(row, "worker").orElse(null), Rows.find(row, "host")
                .orElse(null), Rows.find(row, "slot").orElse(null), Rows.instant(row, "fed_at"), Rows.instant(row,
                        "started_at"), Rows.instant(row, "failed_at"), Rows.number(row, "resumed_from"), Rows.find(
                                row, "progress", Message.Progress.class).orElse(null), Rows.find(row, "failure",
                                        JobFailure.class).orElse(null), Rows.seconds(row));
    }

    /** How many jobs are in each state. */
    public Map<JobState, Long> counts() {
        return database.read(handle -> handle.createQuery("""
                SELECT state, COUNT(*) AS jobs FROM jobs WHERE request IS NOT NULL GROUP BY state""")
                .reduceRows(new EnumMap<>(JobState.class), (counts, row) -> {
                    counts.put(Standing.state(Rows.text(row, "state")), row.getColumn("jobs", Long.class));
                    return counts;
                }));
    }

    /** The events of a job after an offset, oldest first. */
    public List<StoredEvent> events(JobId job, long after, int limit) {
        return database.read(handle -> handle.createQuery("""
                SELECT job, record_offset, run, name, data, told_at FROM job_events
                WHERE job = :job AND record_offset > :after ORDER BY record_offset LIMIT :limit""")
                .bind("job", job.value())
                .bind("after", after)
                .bind("limit", limit)
                .map(row -> new StoredEvent(Rows.job(row), row.getColumn("record_offset", Long.class), Rows.number(row,
                        "run"), Rows.text(row, "name"), Rows.text(row, "data"), Instant.ofEpochMilli(row.getColumn(
                                "told_at", Long.class))))
                .list());
    }

    /**
     * A job that was told of.
     *
     * @param offset of the newest event
     * @param toldAt when that was kept, in milliseconds since 1970, by the clock of the dispatcher that kept it
     */
    public record News(JobId job, long offset, long toldAt) {}

    /**
     * The jobs that were told of after a moment.
     *
     * @param after milliseconds since 1970
     */
    public List<News> news(long after) {
        return database.read(handle -> handle.createQuery("""
                SELECT job, MAX(record_offset) AS record_offset, MAX(told_at) AS told_at FROM job_events
                WHERE told_at > :after GROUP BY job""")
                .bind("after", after)
                .map(row -> new News(Rows.job(row), row.getColumn("record_offset", Long.class), row.getColumn("told_at",
                        Long.class)))
                .list());
    }

    private static Entry entry(RowView row) {
        var state = Standing.state(Rows.text(row, "state"));
        var newest = row.getColumn("newest_attempt", Integer.class);
        int attempt = Math.max(Rows.number(row, "attempt"), newest == null ? 0 : newest);
        return new Entry(Rows.read(Rows.text(row, "request"), StoredRequest.class), state,
                !state.terminal() && Rows.isCancelling(row), Rows.number(row, "run"), attempt,
                Rows.instant(row, "started_at"), Rows.instant(row, "ended_at"),
                Rows.find(row, "progress", Message.Progress.class).orElse(null),
                Rows.find(row, "failure", JobFailure.class).orElse(null),
                Rows.find(row, "manifest", Manifest.class).orElse(null));
    }
}
