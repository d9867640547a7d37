package org.atelier.dispatcher.http;

import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.ContentType;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import org.atelier.common.json.Json;
import org.atelier.dispatcher.access.Role;

/** What those ask who keep the dispatcher running. */
final class OperationRoutes {
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final Health health;
    private final Supplier<String> metrics;

    /** @param metrics in Prometheus' text format */
    OperationRoutes(Health health, Supplier<String> metrics) {
        this.health = health;
        this.metrics = metrics;
    }

    void register(Routing routing) {
        document(routing, "/openapi.json", OpenApi.document());
        document(routing, "/asyncapi.json", AsyncApi.document());
        routing.open(HandlerType.GET, "/healthz", ctx -> answer(ctx, Health.Report.of(health.alive())));
        routing.open(HandlerType.GET, "/readyz", ctx -> answer(ctx, Health.Report.of(health.ready())));
        routing.add(HandlerType.GET, "/metrics", Role.OPERATE, ctx -> ctx.contentType(PROMETHEUS_TEXT).result(metrics
                .get()));
    }

    private static void document(Routing routing, String path, JsonNode document) {
        var bytes = Json.bytes(document);
        routing.open(HandlerType.GET, path, ctx -> ctx.contentType(ContentType.APPLICATION_JSON).result(bytes));
    }

    private static void answer(Context ctx, Health.Report report) {
        Answers.json(ctx, report.ok() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE, report);
    }
}
