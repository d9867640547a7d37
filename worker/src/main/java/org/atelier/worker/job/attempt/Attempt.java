package org.atelier.worker.job.attempt;

import java.time.Duration;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.error.JobFailure;
import org.atelier.common.event.Message.AttemptReady;
import org.atelier.common.event.Message.AttemptStarted;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobRequest;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.log.LogContext;
import org.atelier.worker.job.attempt.Phases.Phase;
import org.atelier.worker.job.runner.JobContext;
import org.atelier.worker.job.runner.JobResult;
import org.atelier.worker.job.runner.ResumePoint;
import org.atelier.worker.job.runner.Runners;
import org.atelier.worker.job.runner.StopReason;
import org.atelier.worker.job.trace.AttemptSpan;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A claimed attempt, from its claim to its end. Somebody else calls {@link Heart#beat} of its {@link #heart} all the while
 * that {@link #execute} runs.
 */
public final class Attempt {
    private static final Logger log = LoggerFactory.getLogger(Attempt.class);

    private final AttemptReady ready;
    private final Lifeline lifeline;
    private final Heart heart;
    private final Parts parts;

    /** What works inside an attempt. */
    record Parts(WorkerIdentity worker, Runners runners, JobContext context, JobLedger ledger, DeviceLock device,
            Courier courier, StoreRetry retry, Phases phases, AttemptEnd end, Scratch scratch, LogKeeper logs,
            @Nullable String slot, AttemptSpan span) {}

    Attempt(AttemptReady ready, Lifeline lifeline, Heart heart, Parts parts) {
        this.ready = ready;
        this.lifeline = lifeline;
        this.heart = heart;
        this.parts = parts;
    }

    /** Which attempt it is. */
    public AttemptId id() {
        return lifeline.attempt();
    }

    /** Where others say that it must stop. */
    public Lifeline lifeline() {
        return lifeline;
    }

    /** What keeps it alive. */
    public Heart heart() {
        return heart;
    }

    /** Runs it to its end, whatever that is. Never throws: what a runner throws is an end, also running out of memory. */
    public Settlement execute() {
        return LogContext.call(id(), parts.span().context(), this::executeSafely);
    }

    private Settlement executeSafely() {
        try {
            return executeOrThrow();
        } catch (Throwable thrown) {
            return stopped(thrown);
        } finally {
            parts.scratch().close();
            parts.logs().close();
            parts.span().close();
        }
    }

    private Settlement executeOrThrow() throws Exception {
        // The claim may have come after the end: cancelled or finished while the record was on its way.
        var ended = parts.retry().call(() -> parts.ledger().manifest(id().run()));
        if (ended.isPresent()) {
            return parts.end().alreadyEnded(ended.get());
        }
        askLedger();
        lifeline.check();
        var result = run();
        parts.phases().enter(Phase.COMMIT);
        return parts.span().within("commit", () -> {
            // A process that was frozen may be long dead for the others and not know it yet.
            askLedger();
            lifeline.checkMayEnd();
            return parts.end().succeeded(result);
        });
    }

    private void askLedger() {
        parts.retry().call(() -> new Ownership(id(), parts.ledger()).objection()).ifPresent(lifeline::stop);
    }

    private JobResult run() throws Exception {
        var request = ready.submission().request();
        int resumedFrom = parts.context().resumePoint().map(ResumePoint::step).orElse(0);
        parts.span().resumed(resumedFrom);
        log.info("{}: starts at step {}", id(), resumedFrom);
        parts.courier().started(
                new AttemptStarted(id(), parts.worker().name(), parts.worker().host(), resumedFrom, parts.slot()));
        if (!parts.runners().usesGradients(request)) {
            return compute(request);
        }
        parts.phases().enter(Phase.WAIT);
        parts.span().during("wait for device", () -> parts.device().take(lifeline));
        try {
            return compute(request);
        } finally {
            parts.device().giveBack();
        }
    }

    private JobResult compute(JobRequest request) throws Exception {
        parts.phases().enter(Phase.RUN);
        var result = parts.span().call("compute", () -> parts.runners().run(request, parts.context()));
        heart.last();
        return result;
    }

    private Settlement stopped(Throwable thrown) {
        var reason = lifeline.stopReason().orElse(null);
        if (reason instanceof StopReason.Superseded) {
            return parts.end().superseded();
        }
        heart.last();
        return switch (reason) {
            case StopReason.Cancelled cancelled -> cancelled();
            case StopReason.LeaseLost lost when Failures.isStop(thrown) -> failed(
                    JobFailure.of(ErrorCategory.STORAGE_UNAVAILABLE, "The worker could not renew its lease ("
                            + lost.problem() + ") and gave the attempt up."));
            case StopReason.Draining draining when Failures.isStop(thrown) -> failed(
                    JobFailure.of(ErrorCategory.PREEMPTED, "The worker was told to leave; another goes on."));
            case null, default -> {
                log.warn("{}: stopped by an exception", id(), thrown);
                yield failed(Failures.describe(thrown));
            }
        };
    }

    private Settlement cancelled() {
        try {
            return parts.end().cancelled(lifeline.sinceStop().orElse(Duration.ZERO));
        } catch (JobException e) {
            return failed(e.failure());
        }
    }

    private Settlement failed(JobFailure failure) {
        var settlement = parts.end().failed(failure);
        // Evidence comes after the word: nobody who waits for the next attempt waits for it.
        parts.logs().keep();
        return settlement;
    }
}
