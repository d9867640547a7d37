package org.atelier.worker.job.slot;

import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

import org.atelier.common.event.EventPublisher;
import org.atelier.common.event.Message;
import org.atelier.common.event.Message.AttemptDeferred;
import org.atelier.common.event.Message.AttemptReady;
import org.atelier.common.event.MessageType;
import org.atelier.common.job.AttemptId;
import org.atelier.common.kafka.EventCodec.Decoded;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Claim;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.trace.TraceContext;
import org.atelier.worker.job.attempt.Attempts;
import org.atelier.worker.job.attempt.ResultAnnouncer;
import org.atelier.worker.job.attempt.WorkerIdentity;
import org.atelier.worker.job.bundle.BundleCards;
import org.atelier.worker.job.runner.Runners;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of a record, and claims the attempt where it is to be run here.
 *
 * <p>What it cannot run is deferred by an event and accepted, never released: a released record comes back at once and
 * uses up its deliveries.
 */
public final class Admission {
    private static final double GIGABYTE = 1e9;

    private final WorkerIdentity worker;
    private final Runners runners;
    private final BundleCards bundles;
    private final JobLedger ledger;
    private final EventPublisher events;
    private final ResultAnnouncer announcer;
    private final Attempts attempts;
    private final Supplier<String> tokens;
    private final Clock clock;

    /**
     * For one worker.
     *
     * @param tokens gives a text that was never given before, in any process
     */
    public Admission(WorkerIdentity worker, Runners runners, BundleCards bundles, JobLedger ledger,
            EventPublisher events, Attempts attempts, Supplier<String> tokens, Clock clock) {
        this.worker = worker;
        this.runners = runners;
        this.bundles = bundles;
        this.ledger = ledger;
        this.events = events;
        this.announcer = new ResultAnnouncer(events);
        this.attempts = attempts;
        this.tokens = tokens;
        this.clock = clock;
    }

    /**
     * Decides.
     *
     * @param slot where it would run, for people
     * @throws org.atelier.common.store.StoreException     if the store does not answer; nothing is known then
     * @throws org.atelier.common.event.PublishException if something could not be told; the record must come again
     */
    public Verdict decide(Decoded content, String slot) {
        return switch (content) {
            case Decoded.Retracted retracted -> new Verdict.Reject("it has no value");
            case Decoded.Unreadable unreadable -> new Verdict.Reject(unreadable.reason());
            case Decoded.Newer newer -> newer(newer);
            case Decoded.Understood understood -> understood.event().message() instanceof AttemptReady ready
                    ? decide(ready, understood.event().trace(), slot)
                    : new Verdict.Reject("a " + name(understood.event().message()) + " is no ready work");
        };
    }

    private static String name(Message message) {
        return MessageType.of(message).wireName();
    }

    private Verdict newer(Decoded.Newer newer) {
        if (newer.attempt() != null) {
            return defer(newer.attempt(), "its request asks for what only newer workers know: " + newer.what());
        }
        return new Verdict.Leave("newer", newer.what()
                + ", which a newer worker understands; the dispatcher will feed it again");
    }

    private Verdict defer(AttemptId attempt, String reason) {
        events.publishAndWait(Topics.EVENTS, new AttemptDeferred(attempt, worker.name(), reason));
        return new Verdict.Leave("deferred", attempt + " is given back: " + reason);
    }

    private Verdict decide(AttemptReady ready, @Nullable TraceContext submission, String slot) {
        if (ready.attempt() == null || ready.tenant() == null || ready.bundle() == null || ready.submission() == null
                || ready.submission().request() == null) {
            return new Verdict.Reject("attempt, tenant, bundle or request is missing");
        }
        var attempt = ready.attempt();
        var ended = ledger.manifest(attempt.run());
        if (ended.isPresent()) {
            announcer.announce(ended.get());
            return new Verdict.Leave("ended", attempt.run() + " has ended; its result is told again");
        }
        return refusal(ready).map(reason -> defer(attempt, reason)).orElseGet(() -> claim(ready, submission, slot));
    }

    /** A bundle that is not there refuses nothing: the attempt says so to whoever waits for it. */
    private Optional<String> refusal(AttemptReady ready) {
        var request = ready.submission().request();
        return tooLarge(ready)
                .or(() -> runners.refusal(request))
                .or(() -> bundles.find(ready.bundle()).flatMap(card -> runners.refusal(request, card)));
    }

    private Optional<String> tooLarge(AttemptReady ready) {
        var need = ready.memoryBytes();
        var has = worker.memoryBytes();
        return need == null || has == null || need <= has
                ? Optional.empty()
                : Optional.of(String.format(Locale.ROOT,
                        "needs at least %.1f GB of device memory, and this worker has %.1f GB", need / GIGABYTE, has
                                / GIGABYTE));
    }

    private Verdict claim(AttemptReady ready, @Nullable TraceContext submission, String slot) {
        var ours = new Claim(ready.attempt(), tokens.get(), worker.name(), worker.host(), clock.instant(), slot);
        var claim = ledger.claim(ours).document();
        return claim.token().equals(ours.token())
                ? new Verdict.Run(attempts.of(claim, ready, submission))
                : new Verdict.Leave("taken", ready.attempt() + " has been claimed by " + claim.worker());
    }
}
