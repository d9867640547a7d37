package org.atelier.dispatcher.http;

import java.util.function.Supplier;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;

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

    void register(RoutesConfig routes) {
        routes.get("/healthz", ctx -> answer(ctx, Health.Report.of(health.alive())));
        routes.get("/readyz", ctx -> answer(ctx, Health.Report.of(health.ready())));
        routes.get("/metrics", ctx -> ctx.contentType(PROMETHEUS_TEXT).result(metrics.get()));
    }

    private static void answer(Context ctx, Health.Report report) {
        Answers.json(ctx, report.ok() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE, report);
    }
}
