package org.atelier.dispatcher.webhook;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.atelier.common.trace.otel.SpanAttributes;
import org.atelier.dispatcher.metrics.Metrics;
import org.atelier.dispatcher.schedule.Bell;
import org.atelier.dispatcher.trace.Spans;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers what is due, some of it at once. What is under way is in memory only: after a death it is still due, and is
 * delivered again under the same id.
 */
public final class Deliverer implements AutoCloseable {
    /** Most deliveries to one webhook at once: one slow receiver takes no other's place. */
    static final int PER_WEBHOOK = 4;
    /** Most deliveries at once. */
    static final int AT_ONCE = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Deliverer.class);

    private final DeliveryBook book;
    private final Webhooks webhooks;
    private final Courier courier;
    private final RetrySchedule retries;
    private final Metrics metrics;
    private final Bell bell;
    private final Clock clock;
    private final Spans spans;
    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("webhook-", 0)
            .factory());
    private final Map<DeliveryBook.Delivery.Key, Boolean> underWay = new ConcurrentHashMap<>();

    /** @param bell rung when there is room for more */
    public Deliverer(DeliveryBook book, Webhooks webhooks, Courier courier, RetrySchedule retries, Metrics metrics,
            Bell bell, Clock clock, Spans spans) {
        this.book = book;
        this.webhooks = webhooks;
        this.courier = courier;
        this.retries = retries;
        this.metrics = metrics;
        this.bell = bell;
        this.clock = clock;
        this.spans = spans;
    }

    /** Begins with what is due, as far as there is room. */
    public void step() {
        var now = clock.instant();
        for (var id : book.due(now)) {
            var webhook = webhooks.current(id).filter(known -> known.disabled() == null);
            if (webhook.isEmpty()) {
                drop(id);
                continue;
            }
            int busy = (int) underWay.keySet().stream().filter(key -> key.webhook().equals(id)).count();
            int room = Math.min(PER_WEBHOOK - busy, AT_ONCE - underWay.size());
            if (room > 0) {
                book.due(id, now, room + busy).stream()
                        .filter(delivery -> !underWay.containsKey(delivery.key()))
                        .limit(room)
                        .forEach(delivery -> begin(webhook.get(), delivery));
            }
        }
    }

    private void drop(String id) {
        int dropped = book.drop(id);
        metrics.webhook(Metrics.WebhookResult.DROPPED, dropped);
        LOG.info("{} deliveries to the webhook {} are dropped: it was removed or disabled", dropped, id);
    }

    private void begin(Webhook webhook, DeliveryBook.Delivery delivery) {
        underWay.put(delivery.key(), true);
        executor.execute(() -> {
            try {
                deliver(webhook, delivery);
            } catch (InterruptedException e) {
                LOG.debug("the delivery of {} to {} is left to the next start", delivery.notice(), webhook.id());
            } catch (RuntimeException e) {
                LOG.warn("what came of the delivery of {} to the webhook {} could not be noted; it is made again ({})",
                        delivery.notice(), webhook.id(), e.toString());
            } finally {
                underWay.remove(delivery.key());
                bell.ring();
            }
        });
    }

    private void deliver(Webhook webhook, DeliveryBook.Delivery delivery) throws InterruptedException {
        var outcome = send(webhook, delivery);
        var now = clock.instant();
        if (outcome.isDelivered()) {
            book.delivered(delivery, now);
            metrics.webhook(Metrics.WebhookResult.DELIVERED, 1);
        } else if (outcome.isGone()) {
            LOG.warn("the webhook {} of {} is disabled: its receiver answered that it is gone", webhook.id(), webhook
                    .registration().tenant());
            webhooks.disable(webhook, "its receiver answered 410: gone");
            book.failed(delivery, outcome.failure(), now, Optional.empty());
            metrics.webhook(Metrics.WebhookResult.GIVEN_UP, 1);
        } else {
            fail(webhook, delivery, outcome);
        }
    }

    private Courier.Outcome send(Webhook webhook, DeliveryBook.Delivery delivery) throws InterruptedException {
        var origin = Notice.Origin.of(delivery.body());
        try (var span = spans.delivery(webhook.id(), delivery.notice(), origin.job(), origin.trace())) {
            var outcome = courier.send(webhook, delivery.notice(), delivery.body().getBytes(StandardCharsets.UTF_8),
                    span
                            .context());
            if (outcome.status() > 0) {
                span.with(SpanAttributes.STATUS, (long) outcome.status());
            }
            if (!outcome.isDelivered()) {
                span.failed(outcome.status() > 0 ? String.valueOf(outcome.status()) : "no answer", outcome.failure());
            }
            return outcome;
        }
    }

    private void fail(Webhook webhook, DeliveryBook.Delivery delivery, Courier.Outcome outcome) {
        var now = clock.instant();
        int failures = delivery.failures() + 1;
        var wait = retries.after(failures, delivery.notice()).map(planned -> outcome.retryAfter().filter(
                asked -> asked.compareTo(planned) > 0).orElse(planned));
        book.failed(delivery, outcome.failure(), now, wait.map(now::plus));
        metrics.webhook(wait.isPresent() ? Metrics.WebhookResult.FAILED : Metrics.WebhookResult.GIVEN_UP, 1);
        if (wait.isEmpty()) {
            LOG.warn("{} is not delivered to the webhook {} of {}: {} attempts have failed, the last because {}",
                    delivery.notice(), webhook.id(), webhook.registration().tenant(), failures, outcome.failure());
        } else {
            LOG.debug("{} is delivered to the webhook {} again in {}: {}", delivery.notice(), webhook.id(), wait.get(),
                    outcome.failure());
        }
    }

    /** Leaves what is under way to the next start, if it does not end within a moment. */
    @Override
    public void close() {
        executor.shutdownNow();
        executor.close();
    }
}
