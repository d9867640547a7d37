package org.atelier.dispatcher.projection;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.atelier.common.api.JobState;
import org.atelier.common.artifact.Digest;
import org.atelier.common.event.Message;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.jdbi.v3.core.result.RowView;

/** What a page about a tenant's jobs as a whole asks for. Safe for use by several threads. */
public final class FleetIndex {
    private final Database database;

    public FleetIndex(Database database) {
        this.database = database;
    }

    /**
     * How many jobs of a type are in a state.
     *
     * @param type  of the jobs
     * @param state in which they are
     * @param jobs  how many
     */
    public record Count(JobType type, JobState state, long jobs) {}

    /**
     * How many jobs of a tenant are in a state.
     *
     * @param tenant whose
     * @param state  in which they are
     * @param jobs   how many
     */
    public record TenantCount(String tenant, JobState state, long jobs) {}

    /**
     * A job beside another one.
     *
     * @param job   its name
     * @param type  its job type
     * @param state where it stands
     */
    public record Relative(JobId job, JobType type, JobState state) {}

    /** A tenant's jobs by type and state. */
    public List<Count> counts(String tenant) {
        return database.read(handle -> handle.createQuery("""
                SELECT type, state, COUNT(*) AS jobs FROM jobs WHERE request IS NOT NULL AND tenant = :tenant
                GROUP BY type, state ORDER BY type, state""")
                .bind("tenant", tenant)
                .map(row -> new Count(type(row), state(row), row.getColumn("jobs", Long.class)))
                .list());
    }

    /** The jobs of every tenant by state. */
    public List<TenantCount> countsByTenant() {
        return database.read(handle -> handle.createQuery("""
                SELECT tenant, state, COUNT(*) AS jobs FROM jobs WHERE request IS NOT NULL
                GROUP BY tenant, state ORDER BY tenant, state""")
                .map(row -> new TenantCount(Rows.text(row, "tenant"), state(row), row.getColumn("jobs", Long.class)))
                .list());
    }

    /** When the job of a tenant was accepted that has waited longest for a worker; empty where none waits. */
    public Optional<Instant> oldestWaiting(String tenant) {
        return database.read(handle -> handle.createQuery("""
                SELECT MIN(accepted_at) AS accepted_at FROM jobs
                WHERE request IS NOT NULL AND tenant = :tenant AND state IN ('queued', 'ready', 'retrying')""")
                .bind("tenant", tenant)
                .map(row -> Optional.ofNullable(Rows.instant(row, "accepted_at")))
                .one());
    }

    /** How many jobs of a tenant ended since a moment, by how. */
    public Map<JobState, Long> ended(String tenant, Instant since) {
        return database.read(handle -> handle.createQuery("""
                SELECT state, COUNT(*) AS jobs FROM jobs
                WHERE request IS NOT NULL AND tenant = :tenant AND ended_at >= :since GROUP BY state""")
                .bind("tenant", tenant)
                .bind("since", since.toEpochMilli())
                .reduceRows(new EnumMap<>(JobState.class), (counts, row) -> {
                    counts.put(state(row), row.getColumn("jobs", Long.class));
                    return counts;
                }));
    }

    /**
     * What attempts took of devices that were started in a time, by tenant and type.
     *
     * @param tenant whose; empty: everybody's
     */
    public List<Usage> usage(Optional<String> tenant, Instant since, Instant until) {
        return database.read(handle -> {
            var time = new DeviceTime();
            handle.createQuery("""
                    SELECT a.job, a.run, a.attempt, a.started_at, a.alive_at, a.failed_at, a.resumed_from, a.progress,
                        a.device_millis, a.useful, j.tenant, j.type, j.state, j.run AS newest
                    FROM attempts a JOIN jobs j ON j.job = a.job
                    WHERE j.request IS NOT NULL AND (:everybody = 1 OR j.tenant = :tenant) AND a.started_at IS NOT NULL
                        AND EXISTS (SELECT 1 FROM attempts t WHERE t.job = a.job AND t.run = a.run
                            AND t.started_at >= :since AND t.started_at < :until)
                    ORDER BY a.job, a.run, a.attempt""")
                    .bind("since", since.toEpochMilli())
                    .bind("until", until.toEpochMilli())
                    .bind("everybody", tenant.isEmpty() ? 1 : 0)
                    .bind("tenant", tenant.orElse(""))
                    .map(row -> started(row, since, until))
                    .forEach(time::add);
            return time.usage();
        });
    }

    private static DeviceTime.Attempt started(RowView row, Instant since, Instant until) {
        var run = Rows.attempt(row).run();
        boolean newest = run.run() == Rows.number(row, "newest");
        long startedAt = row.getColumn("started_at", Long.class);
        var aliveAt = Optional.ofNullable(row.getColumn("alive_at", Long.class)).or(() -> Optional.ofNullable(row
                .getColumn("failed_at", Long.class)));
        int resumedFrom = Rows.number(row, "resumed_from");
        return new DeviceTime.Attempt(run, Rows.text(row, "tenant"), type(row), !newest || state(row).terminal()
                ? state(row) == JobState.SUCCEEDED && newest ? DeviceTime.End.RESULT : DeviceTime.End.NOTHING
                : DeviceTime.End.OPEN, startedAt, aliveAt.orElse(startedAt), resumedFrom, Rows.find(row, "progress",
                        Message.Progress.class).map(Message.Progress::step).orElse(resumedFrom), row.getColumn(
                                "device_millis", Long.class), Rows.number(row, "useful") == 1, startedAt >= since
                                        .toEpochMilli()
                                        && startedAt < until.toEpochMilli());
    }

    /** The jobs whose results a job reads, or whose success it waits for otherwise. */
    public List<Relative> parents(JobId job) {
        return relatives("d.parent", "d.job", job);
    }

    /** The newest jobs that read a job's results, or wait for its success otherwise. */
    public List<Relative> children(JobId job) {
        return relatives("d.job", "d.parent", job);
    }

    private List<Relative> relatives(String wanted, String known, JobId job) {
        return database.read(handle -> handle.createQuery("""
                SELECT j.job, j.type, j.state FROM dependencies d JOIN jobs j ON j.job = %s
                WHERE %s = :job AND j.request IS NOT NULL ORDER BY j.accepted_at DESC, j.job LIMIT 100"""
                .formatted(wanted, known))
                .bind("job", job.value())
                .map(row -> new Relative(Rows.job(row), type(row), state(row)))
                .list());
    }

    /** Whether some event of a job names a blob: a preview, say. */
    public boolean isNamed(JobId job, Digest blob) {
        return database.read(handle -> handle.createQuery("""
                SELECT 1 FROM job_events WHERE job = :job AND data LIKE :blob LIMIT 1""")
                .bind("job", job.value())
                .bind("blob", "%\"" + blob + "\"%")
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
    }

    private static JobType type(RowView row) {
        return JobType.parse(Rows.text(row, "type"));
    }

    private static JobState state(RowView row) {
        return Standing.state(Rows.text(row, "state"));
    }
}
