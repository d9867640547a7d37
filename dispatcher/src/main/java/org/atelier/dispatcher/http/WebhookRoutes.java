package org.atelier.dispatcher.http;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import org.atelier.common.request.Violation;
import org.atelier.dispatcher.access.Audit;
import org.atelier.dispatcher.access.Role;
import org.atelier.dispatcher.webhook.DeliveryBook.Standing;
import org.atelier.dispatcher.webhook.Destinations;
import org.atelier.dispatcher.webhook.Notice;
import org.atelier.dispatcher.webhook.Webhook;
import org.atelier.dispatcher.webhook.WebhookDesk;
import org.atelier.dispatcher.webhook.Webhooks;
import org.jspecify.annotations.Nullable;

/** Webhooks: make, look, try, give another secret, remove. */
final class WebhookRoutes {
    private static final String WEBHOOKS = "/v1/webhooks";
    private static final String WEBHOOK = WEBHOOKS + "/{id}";
    private static final int MAX_DESCRIPTION = 200;

    private final WebhookDesk desk;
    private final Audit audit;

    WebhookRoutes(WebhookDesk desk, Audit audit) {
        this.desk = desk;
        this.audit = audit;
    }

    /** What is asked for. */
    record Wanted(
            @Nullable String url,
            @Nullable String description,
            @Nullable List<String> events,
            @Nullable Boolean parts) {}

    /** A webhook without anything secret. */
    record WebhookView(
            String id,
            String tenant,
            URI url,
            String description,
            Set<String> events,
            boolean parts,
            Instant createdAt,
            String createdBy,
            List<Instant> secrets,
            @Nullable Instant disabledAt,
            @Nullable String disabledBecause,
            int pending,
            @Nullable Instant nextAttemptAt,
            @Nullable Instant deliveredAt,
            @Nullable Instant failedAt,
            @Nullable String failure) {
        static WebhookView of(WebhookDesk.Known known) {
            return of(known.webhook(), known.standing());
        }

        static WebhookView of(Webhook webhook, Standing standing) {
            var wanted = webhook.registration();
            var disabled = Optional.ofNullable(webhook.disabled());
            return new WebhookView(webhook.id(), wanted.tenant(), wanted.url(), wanted.description(), new TreeSet<>(
                    wanted.events()), wanted.parts(), wanted.createdAt(), wanted.createdBy(), webhook.keys().stream()
                            .map(Webhook.Key::createdAt).toList(), disabled.map(Webhook.Disabled::at).orElse(null),
                    disabled.map(Webhook.Disabled::reason).orElse(null), standing.pending(), standing.nextAt(),
                    standing.deliveredAt(), standing.failedAt(), standing.failure());
        }
    }

    /** A webhook with a secret that was just made: the only time that it is shown. */
    record NewWebhook(WebhookView webhook, String secret) {}

    /** All webhooks of a tenant. */
    record WebhookList(List<WebhookView> webhooks) {}

    /** What came of a test. */
    record TestReport(String event, boolean delivered, @Nullable Integer status, @Nullable String failure) {}

    void register(Routing routing) {
        routing.add(HandlerType.POST, WEBHOOKS, Role.OPERATE, this::create);
        routing.add(HandlerType.GET, WEBHOOKS, Role.OPERATE, ctx -> Answers.json(ctx, HttpStatus.OK, new WebhookList(
                desk.list(Principals.of(ctx).tenant()).stream().map(WebhookView::of).toList())));
        routing.add(HandlerType.GET, WEBHOOK, Role.OPERATE, ctx -> Answers.json(ctx, HttpStatus.OK, WebhookView.of(
                known(ctx))));
        routing.add(HandlerType.DELETE, WEBHOOK, Role.OPERATE, this::delete);
        routing.add(HandlerType.POST, WEBHOOK + "/secret", Role.OPERATE, this::rotate);
        routing.add(HandlerType.POST, WEBHOOK + "/test", Role.OPERATE, this::test);
    }

    private WebhookDesk.Known known(Context ctx) {
        var id = ctx.pathParam("id");
        return desk.find(Principals.of(ctx).tenant(), id).orElseThrow(() -> new ProblemException(
                ProblemKind.UNKNOWN_WEBHOOK, "There is no webhook " + id + "; GET " + WEBHOOKS
                        + " lists what there is."));
    }

    private void create(Context ctx) {
        var wanted = Requests.bind(ctx, Wanted.class);
        var violations = new ArrayList<Violation>();
        var description = Optional.ofNullable(wanted.description).orElse("");
        if (description.length() > MAX_DESCRIPTION) {
            violations.add(new Violation("/description", "must have at most " + MAX_DESCRIPTION + " characters"));
        }
        var events = Optional.ofNullable(wanted.events).<Set<String>>map(TreeSet::new).orElse(Notice.DEFAULT);
        if (events.isEmpty() || !Notice.types().containsAll(events)) {
            violations.add(new Violation("/events", "must be one or more of " + Notice.types()));
        }
        var url = url(violations, Optional.ofNullable(wanted.url).orElse(""));
        Requests.check(violations);
        var who = Principals.of(ctx);
        audit.record(who, "webhook.create", url.orElseThrow().getHost(), Map.of("url", withoutQuery(url.get()),
                "events", String.join(",", events)));
        try {
            answer(ctx, desk.webhooks().create(who, url.get(), description, events, Boolean.TRUE.equals(
                    wanted.parts)));
        } catch (Webhooks.TooManyException e) {
            throw new ProblemException(ProblemKind.TOO_MANY, String.valueOf(e.getMessage()));
        }
    }

    private Optional<URI> url(List<Violation> violations, String text) {
        try {
            return Optional.of(desk.destination(text));
        } catch (Destinations.RefusedException e) {
            violations.add(new Violation("/url", String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    /** Receivers put secrets into queries. */
    private static String withoutQuery(URI url) {
        return url.toString().split("\\?", 2)[0];
    }

    private static void answer(Context ctx, Webhooks.Issued issued) {
        ctx.header("Cache-Control", "no-store");
        ctx.header("Location", WEBHOOKS + "/" + issued.webhook().id());
        Answers.json(ctx, HttpStatus.CREATED, new NewWebhook(WebhookView.of(issued.webhook(), Standing.NEW), issued
                .secret().reveal()));
    }

    private void rotate(Context ctx) {
        var webhook = known(ctx).webhook();
        audit.record(Principals.of(ctx), "webhook.rotate", webhook.id(), Map.of());
        try {
            answer(ctx, desk.webhooks().rotate(Principals.of(ctx), webhook).orElseThrow(() -> new ProblemException(
                    ProblemKind.CONFLICT, "Somebody else gave the webhook another secret at this moment.")));
        } catch (Webhooks.TooManyException e) {
            throw new ProblemException(ProblemKind.TOO_MANY, String.valueOf(e.getMessage()));
        }
    }

    private void delete(Context ctx) {
        var webhook = known(ctx).webhook();
        audit.record(Principals.of(ctx), "webhook.delete", webhook.id(), Map.of("url", withoutQuery(webhook
                .registration().url())));
        desk.webhooks().delete(webhook);
        ctx.status(HttpStatus.NO_CONTENT);
    }

    private void test(Context ctx) throws InterruptedException {
        var report = desk.trial().run(known(ctx).webhook());
        var outcome = report.outcome();
        Answers.json(ctx, HttpStatus.OK, new TestReport(report.event(), outcome.isDelivered(), outcome.status() == 0
                ? null
                : outcome.status(), outcome.isDelivered() ? null : outcome.failure()));
    }
}
