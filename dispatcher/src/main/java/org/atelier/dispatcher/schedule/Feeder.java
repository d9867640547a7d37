package org.atelier.dispatcher.schedule;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

import org.atelier.common.error.JobException;
import org.atelier.common.event.EventPublisher;
import org.atelier.common.event.Message;
import org.atelier.common.job.AttemptId;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.common.log.LogContext;
import org.atelier.common.trace.TraceContext;
import org.atelier.dispatcher.fault.Outage;
import org.atelier.dispatcher.metrics.Metrics;
import org.atelier.dispatcher.trace.Spans;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the ready topic of each pool filled, and shallow: what is in it can no longer be overtaken, and a record that is
 * held for long stops its partition at the share group's window.
 *
 * <p>The record is written first and noted in the book after. Whoever stops in between feeds it again, and the claim makes
 * that harmless.
 */
public final class Feeder {
    private static final Logger LOG = LoggerFactory.getLogger(Feeder.class);

    /** Attempts whose time has come that are let into the line by one step. */
    private static final int MOST_PROMOTED = 1_000;

    private final Pools pools;
    private final Backlog backlog;
    private final RunBook book;
    private final ReadyTopic ready;
    private final EventPublisher events;
    private final Workers workers;
    private final RunEnder ender;
    private final Metrics metrics;
    private final Clock clock;
    private final Depth depth;
    private final Spans spans;

    /** @param ticker measures how fast slots become free */
    public Feeder(Pools pools, Tenants tenants, RunBook book, ReadyTopic ready, EventPublisher events, Workers workers,
            RunEnder ender, Metrics metrics, Clock clock, Ticker ticker, Spans spans) {
        this.pools = pools;
        this.backlog = new Backlog(book, tenants, workers);
        this.book = book;
        this.ready = ready;
        this.events = events;
        this.workers = workers;
        this.ender = ender;
        this.metrics = metrics;
        this.clock = clock;
        this.depth = new Depth(ticker);
        this.spans = spans;
    }

    /** Fills every pool. */
    public void step() {
        book.promote(clock.instant(), MOST_PROMOTED);
        var active = new Backlog.ActiveCounts(book::active);
        var inTopic = book.fed().stream()
                .filter(fed -> !fed.record().isGone())
                .collect(Collectors.groupingBy(FedAttempt::pool, Collectors.counting()));
        for (var pool : pools.names()) {
            int wanted = depth.of(pool, workers.slots(pool), active.of(pool, Active::running), active.of(pool,
                    Active::attempts));
            int room = wanted - Math.toIntExact(inTopic.getOrDefault(pool, 0L));
            if (room > 0) {
                var chosen = backlog.next(pool, room, active);
                feed(pool, chosen);
                depth.fed(pool, chosen.size());
            }
        }
    }

    /** Feeds attempts, all at once; returns when they are durable and noted. */
    void feed(String pool, List<AttemptId> attempts) {
        var sent = attempts.stream().map(attempt -> send(pool, attempt)).flatMap(Optional::stream).toList();
        var told = new ArrayList<CompletableFuture<?>>();
        var failures = new ArrayList<CompletionException>();
        for (var record : sent) {
            try {
                book.fed(record.message, record.where.join(), clock.instant());
                metrics.fed(pool);
                told.add(events.publish(Topics.EVENTS, record.message, record.trace));
            } catch (CompletionException e) {
                failures.add(e);
            }
        }
        CompletableFuture.allOf(told.toArray(CompletableFuture[]::new)).join();
        if (!failures.isEmpty()) {
            LOG.warn("{} of {} attempts of the pool {} may not have been fed; they will be fed again",
                    failures.size(), sent.size(), pool);
            throw failures.getFirst();
        }
    }

    private record Sent(Message.AttemptReady message, CompletableFuture<ReadyRecord> where,
            @Nullable TraceContext trace) {}

    private Optional<Sent> send(String pool, AttemptId attempt) {
        return LogContext.call(attempt, () -> write(pool, attempt));
    }

    private Optional<Sent> write(String pool, AttemptId attempt) {
        try {
            var request = book.request(attempt.job());
            var message = new Message.AttemptReady(attempt, request.tenant(), request.submission(), request.bundle(),
                    request.memoryBytes());
            return Optional.of(new Sent(message, feed(pool, request, message), request.trace()));
        } catch (RuntimeException e) {
            if (Outage.of(e).isPresent()) {
                throw e;
            }
            LOG.error("run {} cannot be fed and is ended as failed, so that the runs behind it go on", attempt.run(),
                    e);
            ender.fail(new IdleRun(attempt.run(), 0), JobException.describe(e));
            return Optional.empty();
        }
    }

    private CompletableFuture<ReadyRecord> feed(String pool, StoredRequest request, Message.AttemptReady message) {
        var span = spans.feed(message.attempt(), request, pool);
        return ready.feed(pool, message, request.trace()).whenComplete((where, failure) -> {
            if (failure != null) {
                span.failed(failure);
            }
            span.close();
        });
    }
}
