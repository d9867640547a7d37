package org.atelier.dispatcher.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import org.atelier.common.api.JobState;
import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobType;
import org.atelier.dispatcher.access.Role;
import org.atelier.dispatcher.projection.FleetIndex;
import org.atelier.dispatcher.projection.FleetIndex.Count;
import org.atelier.dispatcher.projection.FleetIndex.TenantCount;
import org.atelier.dispatcher.projection.JobIndex;
import org.atelier.dispatcher.schedule.Workers;
import org.jspecify.annotations.Nullable;

/** The fleet at a glance: how much waits, runs and ends, and which workers there are. */
final class FleetRoutes {
    private static final Duration LATELY = Duration.ofHours(1);
    private static final Set<JobState> WAITING = Set.of(JobState.QUEUED, JobState.READY, JobState.RETRYING);

    private final FleetIndex fleet;
    private final JobIndex jobs;
    private final Workers workers;
    private final Clock clock;

    FleetRoutes(FleetIndex fleet, JobIndex jobs, Workers workers, Clock clock) {
        this.fleet = fleet;
        this.jobs = jobs;
        this.workers = workers;
        this.clock = clock;
    }

    /**
     * A tenant's jobs at a glance.
     *
     * @param tenant               whose
     * @param jobs                 how many, by type and state
     * @param tenants              how many every tenant has, by state; for an admin alone
     * @param waiting              not on a worker
     * @param running              on a worker
     * @param oldestWaitingSeconds how long the job has waited that was accepted first; absent where none waits
     * @param endedLastHour        how many ended in the last hour, by how
     * @param etaSeconds           until all of them have ended, if they take as long as others of their types did and nobody
     *                             else's run beside them; absent where no worker is alive, or some type never ended well
     */
    record Overview(
            String tenant,
            List<Count> jobs,
            @Nullable List<TenantCount> tenants,
            long waiting,
            long running,
            @Nullable Long oldestWaitingSeconds,
            Map<JobState, Long> endedLastHour,
            @Nullable Long etaSeconds) {}

    /**
     * A worker that is alive.
     *
     * @param worker  its name
     * @param host    where it runs
     * @param pool    the pool that it serves
     * @param slots   how many attempts it can run at once
     * @param busy    how many it runs
     * @param types   the job types that it can run
     * @param running those attempts that are at the caller's own jobs
     */
    record WorkerView(String worker, String host, String pool, int slots, int busy, Set<JobType> types,
            List<AttemptId> running) {}

    /** All workers that are alive. */
    record WorkerList(List<WorkerView> workers) {}

    void register(Routing routing) {
        routing.add(HandlerType.GET, "/v1/overview", Role.READ, this::overview);
        routing.add(HandlerType.GET, "/v1/workers", Role.READ, this::workers);
    }

    private void overview(Context ctx) {
        var who = Principals.of(ctx);
        var tenant = who.tenant();
        var now = clock.instant();
        var counts = fleet.counts(tenant);
        long waiting = sum(counts, WAITING);
        long running = sum(counts, Set.of(JobState.RUNNING));
        var ended = fleet.ended(tenant, now.minus(LATELY));
        Answers.json(ctx, HttpStatus.OK, new Overview(tenant, counts, who.role() == Role.ADMIN
                ? fleet.countsByTenant()
                : null, waiting, running, fleet.oldestWaiting(tenant).map(
                        since -> seconds(since, now)).orElse(null), ended, eta(counts)));
    }

    private @Nullable Long eta(List<Count> counts) {
        int slots = workers.all().stream().mapToInt(Message.WorkerAlive::slots).sum();
        double work = 0;
        for (var count : counts) {
            if (!count.state().terminal()) {
                work += count.jobs() * jobs.usualSeconds(count.type()).orElse(Double.NaN);
            }
        }
        return slots == 0 || Double.isNaN(work) ? null : (long) Math.ceil(work / slots);
    }

    private static long seconds(Instant since, Instant now) {
        return Math.max(0, Duration.between(since, now).toSeconds());
    }

    private static long sum(List<Count> counts, Set<JobState> states) {
        return counts.stream().filter(count -> states.contains(count.state())).mapToLong(Count::jobs).sum();
    }

    private void workers(Context ctx) {
        var tenant = Principals.of(ctx).tenant();
        Answers.json(ctx, HttpStatus.OK, new WorkerList(workers.all().stream().map(worker -> view(worker, tenant))
                .sorted((one, other) -> one.worker.compareTo(other.worker)).toList()));
    }

    private WorkerView view(Message.WorkerAlive worker, String tenant) {
        return new WorkerView(worker.worker(), worker.host(), worker.pool(), worker.slots(), worker.running().size(),
                worker.types(), worker.running().stream().filter(attempt -> isOf(tenant, attempt)).toList());
    }

    private boolean isOf(String tenant, AttemptId attempt) {
        return jobs.find(attempt.job()).filter(entry -> entry.request().tenant().equals(tenant)).isPresent();
    }
}
