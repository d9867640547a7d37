package org.atelier.dispatcher.projection;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.atelier.common.event.MessageType;
import org.atelier.dispatcher.webhook.DeliveryBook;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The deliveries to webhooks in the database. Safe for use by several threads. */
public final class WebhookBook implements DeliveryBook {
    static final String UNDIRECTED = """
            SELECT n.notice, n.type, n.job, n.told_at, n.read_at, j.tenant, j.composite FROM webhook_notices n
            LEFT JOIN jobs j ON j.job = n.job AND j.request IS NOT NULL
            WHERE n.directed = 0 ORDER BY n.read_at, n.notice LIMIT :limit""";
    /** Steps from webhook to webhook in the index, whatever lies between. */
    static final String WEBHOOKS_DUE = """
            WITH RECURSIVE waiting (webhook) AS (
                SELECT MIN(webhook) FROM webhook_deliveries WHERE due_at IS NOT NULL
                UNION ALL
                SELECT (SELECT MIN(d.webhook) FROM webhook_deliveries d WHERE d.due_at IS NOT NULL
                    AND d.webhook > waiting.webhook) FROM waiting WHERE waiting.webhook IS NOT NULL)
            SELECT webhook FROM waiting WHERE webhook IS NOT NULL AND EXISTS (SELECT 1 FROM webhook_deliveries d
                WHERE d.webhook = waiting.webhook AND d.due_at <= :now)""";
    static final String DUE = """
            SELECT d.webhook, d.notice, d.failures, n.body FROM webhook_deliveries d
            JOIN webhook_notices n ON n.notice = d.notice
            WHERE d.webhook = :webhook AND d.due_at <= :now ORDER BY d.due_at, d.notice LIMIT :limit""";

    private final Database database;

    public WebhookBook(Database database) {
        this.database = database;
    }

    @Override
    public List<Undirected> undirected(int limit) {
        return database.read(handle -> handle.createQuery(UNDIRECTED)
                .bind("limit", limit)
                .map(row -> new Undirected(Rows.text(row, "notice"), MessageType.ofShortName(Rows.text(row, "type"))
                        .orElseThrow(), Rows.job(row), instant(row.getColumn("told_at", Long.class)), instant(row
                                .getColumn("read_at", Long.class)), Rows.find(row, "tenant").map(tenant -> new Owner(
                                        tenant, Rows.find(row, "composite").isPresent()))))
                .list());
    }

    private static Instant instant(long millis) {
        return Instant.ofEpochMilli(millis);
    }

    @Override
    public void direct(Map<String, List<String>> webhooksByNotice, Instant now) {
        database.write(handle -> {
            webhooksByNotice.forEach((notice, webhooks) -> direct(handle, notice, webhooks, now));
            return null;
        });
    }

    private static void direct(Handle handle, String notice, List<String> webhooks, Instant now) {
        if (webhooks.isEmpty()) {
            handle.createUpdate("DELETE FROM webhook_notices WHERE notice = :notice AND directed = 0")
                    .bind("notice", notice)
                    .execute();
            return;
        }
        // Who else directs it at the same moment must find it directed.
        int directed = handle.createUpdate(
                "UPDATE webhook_notices SET directed = 1 WHERE notice = :notice AND directed = 0")
                .bind("notice", notice)
                .execute();
        if (directed > 0) {
            webhooks.forEach(webhook -> handle.createUpdate("""
                    INSERT INTO webhook_deliveries (webhook, notice, due_at) VALUES (:webhook, :notice, :now)
                    ON CONFLICT (webhook, notice) DO NOTHING""")
                    .bind("webhook", webhook)
                    .bind("notice", notice)
                    .bind("now", now.toEpochMilli())
                    .execute());
        }
    }

    @Override
    public List<String> due(Instant now) {
        return database.read(handle -> handle.createQuery(WEBHOOKS_DUE)
                .bind("now", now.toEpochMilli())
                .mapTo(String.class)
                .list());
    }

    @Override
    public List<Delivery> due(String webhook, Instant now, int limit) {
        return database.read(handle -> handle.createQuery(DUE)
                .bind("webhook", webhook)
                .bind("now", now.toEpochMilli())
                .bind("limit", limit)
                .map(row -> new Delivery(Rows.text(row, "webhook"), Rows.text(row, "notice"), Rows.number(row,
                        "failures"), Rows.text(row, "body")))
                .list());
    }

    @Override
    public void delivered(Delivery delivery, Instant at) {
        database.write(handle -> {
            attempted(handle, delivery, delivery.failures(), null);
            handle.createUpdate("""
                    INSERT INTO webhook_standings (webhook, delivered_at) VALUES (:webhook, :at)
                    ON CONFLICT (webhook) DO UPDATE SET delivered_at = excluded.delivered_at""")
                    .bind("webhook", delivery.webhook())
                    .bind("at", at.toEpochMilli())
                    .execute();
            return null;
        });
    }

    @Override
    public void failed(Delivery delivery, String failure, Instant at, Optional<Instant> next) {
        database.write(handle -> {
            attempted(handle, delivery, delivery.failures() + 1, next.map(Instant::toEpochMilli).orElse(null));
            handle.createUpdate("""
                    INSERT INTO webhook_standings (webhook, failed_at, failure) VALUES (:webhook, :at, :failure)
                    ON CONFLICT (webhook) DO UPDATE SET failed_at = excluded.failed_at, failure = excluded.failure""")
                    .bind("webhook", delivery.webhook())
                    .bind("at", at.toEpochMilli())
                    .bind("failure", failure)
                    .execute();
            return null;
        });
    }

    private static void attempted(Handle handle, Delivery delivery, int failures, @Nullable Long due) {
        handle.createUpdate("""
                UPDATE webhook_deliveries SET failures = :failures, due_at = :due
                WHERE webhook = :webhook AND notice = :notice AND due_at IS NOT NULL""")
                .bind("failures", failures)
                .bind("due", due)
                .bind("webhook", delivery.webhook())
                .bind("notice", delivery.notice())
                .execute();
        if (due == null) {
            handle.createUpdate("""
                    UPDATE webhook_notices SET body = '' WHERE notice = :notice AND NOT EXISTS (
                        SELECT 1 FROM webhook_deliveries d WHERE d.notice = :notice AND d.due_at IS NOT NULL)""")
                    .bind("notice", delivery.notice())
                    .execute();
        }
    }

    @Override
    public int drop(String webhook) {
        return database.write(handle -> handle.createUpdate(
                "DELETE FROM webhook_deliveries WHERE webhook = :webhook AND due_at IS NOT NULL")
                .bind("webhook", webhook)
                .execute());
    }

    @Override
    public Map<String, Standing> standings(Set<String> webhooks) {
        if (webhooks.isEmpty()) {
            return Map.of();
        }
        return database.read(handle -> {
            var pending = handle.createQuery("""
                    SELECT webhook, COUNT(*) AS deliveries, MIN(due_at) AS due_at FROM webhook_deliveries
                    WHERE webhook IN (<webhooks>) AND due_at IS NOT NULL GROUP BY webhook""")
                    .bindList("webhooks", webhooks)
                    .reduceRows(new HashMap<String, Standing>(), (found, row) -> {
                        found.put(Rows.text(row, "webhook"), new Standing(Rows.number(row, "deliveries"), Rows.instant(
                                row, "due_at"), null, null, null));
                        return found;
                    });
            return handle.createQuery("""
                    SELECT webhook, delivered_at, failed_at, failure FROM webhook_standings
                    WHERE webhook IN (<webhooks>)""")
                    .bindList("webhooks", webhooks)
                    .reduceRows(pending, (found, row) -> {
                        found.compute(Rows.text(row, "webhook"), (id, known) -> new Standing(known == null
                                ? 0
                                : known.pending(), known == null ? null : known.nextAt(), Rows.instant(row,
                                        "delivered_at"), Rows.instant(row, "failed_at"), Rows.find(row, "failure")
                                                .orElse(null)));
                        return found;
                    });
        });
    }

    @Override
    public long pending() {
        return database.read(handle -> handle.createQuery(
                "SELECT COUNT(*) FROM webhook_deliveries WHERE due_at IS NOT NULL").mapTo(Long.class).one());
    }

    @Override
    public void forget(Instant before) {
        database.write(handle -> {
            var millis = before.toEpochMilli();
            handle.createUpdate("""
                    DELETE FROM webhook_deliveries WHERE due_at IS NULL AND notice IN (
                        SELECT notice FROM webhook_notices WHERE read_at < :before)""").bind("before", millis)
                    .execute();
            handle.createUpdate("""
                    DELETE FROM webhook_notices WHERE read_at < :before AND directed = 1 AND NOT EXISTS (
                        SELECT 1 FROM webhook_deliveries d WHERE d.notice = webhook_notices.notice)""").bind("before",
                    millis).execute();
            return null;
        });
    }
}
