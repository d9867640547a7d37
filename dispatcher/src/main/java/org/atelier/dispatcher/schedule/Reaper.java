package org.atelier.dispatcher.schedule;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobFailure;
import org.atelier.common.event.EventPublisher;
import org.atelier.common.event.Message;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.log.LogContext;
import org.atelier.common.store.StoreException;
import org.atelier.dispatcher.metrics.Metrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices attempts whose worker has gone silent and declares them failed, after which they are treated as any failed
 * attempt is.
 *
 * <p>An attempt is silent when its sequence has not moved for some heartbeats of this process's own clock: neither in the
 * events, nor in its lease in the store. While the store cannot be asked, nothing is declared; and since a worker cannot
 * renew then either, everybody gets the full time again afterwards.
 */
public final class Reaper {
    private static final Logger LOG = LoggerFactory.getLogger(Reaper.class);

    private final RunBook book;
    private final JobLedger ledger;
    private final EventPublisher events;
    private final RunEnder ender;
    private final Metrics metrics;
    private final Clock clock;
    private final Duration silence;
    private final Liveness liveness;

    /** @param silence after which an attempt is lost */
    public Reaper(RunBook book, JobLedger ledger, EventPublisher events, RunEnder ender, Metrics metrics,
            Ticker ticker, Clock clock, Duration silence) {
        this.book = book;
        this.ledger = ledger;
        this.events = events;
        this.ender = ender;
        this.metrics = metrics;
        this.clock = clock;
        this.silence = silence;
        this.liveness = new Liveness(ticker, silence);
    }

    /** Looks at every running attempt. */
    public void step() {
        var running = book.running();
        liveness.retain(running.stream().map(RunningAttempt::attempt).collect(Collectors.toSet()));
        for (var attempt : running) {
            if (!liveness.moved(attempt.attempt(), attempt.sequence()) && liveness.silent(attempt.attempt())) {
                examine(attempt);
            }
        }
    }

    private void examine(RunningAttempt running) {
        LogContext.run(running.attempt(), () -> judge(running));
    }

    private void judge(RunningAttempt running) {
        try {
            var attempt = running.attempt();
            var manifest = ledger.manifest(attempt.run());
            if (manifest.isPresent()) {
                LOG.info("run {} has ended and its result was not heard of; it is told again", attempt.run());
                ender.announce(manifest.get());
                return;
            }
            var lease = ledger.lease(attempt);
            if (lease.isPresent() && liveness.moved(attempt, lease.get().sequence())) {
                return;
            }
            declareLost(running);
        } catch (StoreException e) {
            liveness.restart();
            throw e;
        }
    }

    private void declareLost(RunningAttempt running) {
        var message = "The worker " + running.worker() + " on " + running.host() + " gave no sign of life for "
                + silence.toMillis() / 1000.0 + " s; it was killed, frozen or cut off.";
        LOG.warn("attempt {} is lost: {}", running.attempt(), message);
        var failed = new Message.AttemptFailed(running.attempt(), running.worker(),
                JobFailure.of(ErrorCategory.TIMEOUT, message), Map.of());
        events.publishAndWait(Topics.EVENTS, failed);
        book.note(failed, clock.instant());
        metrics.lost();
    }
}
