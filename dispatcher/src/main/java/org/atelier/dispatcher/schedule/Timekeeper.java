package org.atelier.dispatcher.schedule;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobFailure;
import org.atelier.common.event.EventPublisher;
import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.RunId;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Cancel;
import org.atelier.common.ledger.JobLedger;

/**
 * Ends runs whose time is up: those past their deadline, those that waited too long for a worker, and those whose attempt
 * takes too long. None is tried again, since another attempt would have no more time.
 *
 * <p>How long an attempt has run is measured by this process's own clock from when it first saw it run: after a restart of
 * the dispatcher it has its whole time again.
 */
public final class Timekeeper {
    /** No limit is finer than a second. */
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final int AT_ONCE = 100;
    private static final String ACTOR = "dispatcher";

    private final RunBook book;
    private final JobLedger ledger;
    private final EventPublisher events;
    private final RunEnder ender;
    private final Ticker ticker;
    private final Clock clock;
    private final Map<AttemptId, Long> runningSince = new HashMap<>();
    private long last;

    public Timekeeper(RunBook book, JobLedger ledger, EventPublisher events, RunEnder ender, Ticker ticker,
            Clock clock) {
        this.book = book;
        this.ledger = ledger;
        this.events = events;
        this.ender = ender;
        this.ticker = ticker;
        this.clock = clock;
        this.last = ticker.nanos() - INTERVAL.toNanos();
    }

    /** Ends whatever is overdue, where the last look is a while ago. */
    public void step() {
        if (ticker.nanos() - last < INTERVAL.toNanos()) {
            return;
        }
        last = ticker.nanos();
        book.overdue(clock.instant(), AT_ONCE).forEach(this::end);
        var running = book.running();
        runningSince.keySet().retainAll(running.stream().map(RunningAttempt::attempt).collect(Collectors.toSet()));
        long now = ticker.nanos();
        for (var one : running) {
            long since = runningSince.computeIfAbsent(one.attempt(), attempt -> now);
            if (one.limit() != null && now - since >= one.limit().toNanos()) {
                fail(new IdleRun(one.attempt().run(), one.attempt().attempt()), "The attempt ran for longer than its"
                        + " run_timeout_seconds, " + one.limit().toSeconds() + " s; submit it with more, or with fewer"
                        + " steps.");
                stop(one.attempt().run());
            }
        }
    }

    private void end(OverdueRun overdue) {
        var submission = book.request(overdue.run().run().job()).submission();
        var deadline = submission.deadline();
        boolean isDeadline = overdue.run().run().run() == RunId.FIRST && deadline != null && !clock.instant().isBefore(
                deadline);
        fail(overdue.run(), isDeadline
                ? "The deadline " + deadline + " has passed."
                : "No worker has started it within its queue_timeout_seconds, " + Duration.ofSeconds(submission
                        .queueTimeoutSeconds()).toSeconds() + " s; see whether its pool has workers that can run it.");
        if (overdue.held()) {
            stop(overdue.run().run());
        }
    }

    private void fail(IdleRun run, String message) {
        ender.fail(run, new JobFailure(ErrorCategory.TIMEOUT, false, message, null));
    }

    /** The run has ended; whoever works on it finds its end taken, and is told so that the device is free at once. */
    private void stop(RunId run) {
        ledger.cancel(new Cancel(run, ACTOR, clock.instant()));
        events.publishAndWait(Topics.CONTROL, new Message.CancelRequested(run, ACTOR));
    }
}
