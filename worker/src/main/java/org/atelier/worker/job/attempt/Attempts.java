package org.atelier.worker.job.attempt;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;

import org.atelier.common.event.EventPublisher;
import org.atelier.common.event.Message.AttemptReady;
import org.atelier.common.ledger.Claim;
import org.atelier.common.trace.TraceContext;
import org.atelier.worker.job.metrics.WorkerMetrics;
import org.atelier.worker.job.runner.Runners;
import org.atelier.worker.job.time.Timing;
import org.atelier.worker.job.trace.AttemptSpans;
import org.jspecify.annotations.Nullable;

/** Makes attempts of claims. */
public final class Attempts {
    private final WorkerIdentity worker;
    private final Runners runners;
    private final Stores stores;
    private final EventPublisher events;
    private final Executor courierThread;
    private final DeviceLock device;
    private final Timing timing;
    private final Clock clock;
    private final Duration checkpointInterval;
    private final Path scratch;
    private final WorkerMetrics metrics;
    private final AttemptLogs logs;
    private final AttemptSpans spans;

    /** For one worker that keeps no log lines and makes no traces. */
    public Attempts(WorkerIdentity worker, Runners runners, Stores stores, EventPublisher events,
            Executor courierThread,
            DeviceLock device, Timing timing, Clock clock, Duration checkpointInterval, Path scratch,
            WorkerMetrics metrics) {
        this(worker, runners, stores, events, courierThread, device, timing, clock, checkpointInterval, scratch,
                metrics, AttemptLogs.NONE, AttemptSpans.OFF);
    }

    /**
     * For one worker.
     *
     * @param worker             who runs them
     * @param runners            what they run
     * @param stores             where they read and write
     * @param events             how they tell
     * @param courierThread      sends events that nobody waits for, in order
     * @param device             shared by all slots
     * @param timing             how long things take
     * @param clock              the time of day, for people
     * @param checkpointInterval time between two checkpoints
     * @param scratch            folder for files of running attempts
     * @param metrics            what is counted
     * @param logs               what is logged
     * @param spans              where it is traced
     */
    public Attempts(WorkerIdentity worker, Runners runners, Stores stores, EventPublisher events,
            Executor courierThread,
            DeviceLock device, Timing timing, Clock clock, Duration checkpointInterval, Path scratch,
            WorkerMetrics metrics, AttemptLogs logs, AttemptSpans spans) {
        this.worker = worker;
        this.runners = runners;
        this.stores = stores;
        this.events = events;
        this.courierThread = courierThread;
        this.device = device;
        this.timing = timing;
        this.clock = clock;
        this.checkpointInterval = checkpointInterval;
        this.scratch = scratch;
        this.metrics = metrics;
        this.logs = logs;
        this.spans = spans;
    }

    /**
     * The attempt of a claim that we hold.
     *
     * @param submission the span of its job's submission; {@code null} where that has none
     */
    public Attempt of(Claim claim, AttemptReady ready, @Nullable TraceContext submission) {
        var id = claim.attempt();
        var span = spans.begin(claim, ready, submission);
        var lifeline = new Lifeline(id, timing);
        var courier = new Courier(events, courierThread, metrics, span.context());
        var keeper = new LogKeeper(id, logs, stores.heartLedger());
        var heart = new Heart(claim, lifeline, stores.heartLedger(), courier, metrics, keeper);
        var retry = new StoreRetry(lifeline);
        var phases = new Phases(timing);
        var files = new Scratch(scratch, id.job());
        var checkpoints = new Checkpoints(id, stores.ledger(), stores.blobs(), files, retry, timing, checkpointInterval,
                metrics, span);
        var context = new AttemptContext(lifeline, stores.bundles(), ready.bundle(), stores.blobs(), new OtherJobs(
                ready.tenant(), stores.ledger()), retry, checkpoints,
                phases, span, timing);
        var end = new AttemptEnd(ready, claim, worker, stores.ledger(), stores.blobs(), events, retry, phases, clock,
                metrics, span);
        return new Attempt(ready, lifeline, heart, new Attempt.Parts(worker, runners, context, stores.ledger(), device,
                courier, retry, phases, end, files, keeper, claim.slot(), span));
    }
}
