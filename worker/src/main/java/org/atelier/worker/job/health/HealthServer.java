package org.atelier.worker.job.health;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.atelier.common.json.Json;

/**
 * Answers {@code /healthz} (is the process to be started anew?), {@code /readyz} (does it take or do work?) and
 * {@code /metrics} (Prometheus). The JDK's own server is enough for three pages.
 */
public final class HealthServer implements AutoCloseable {
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int UNAVAILABLE = 503;
    private static final String JSON = "application/json";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    /**
     * An answer to a probe.
     *
     * @param well    whether all is well
     * @param details for people, written as JSON
     */
    public record Report(boolean well, Object details) {}

    private record Page(int status, String mediaType, byte[] body) {}

    private final HttpServer server;
    private final ExecutorService thread;

    /**
     * Starts to answer.
     *
     * @param port 0: any that is free
     * @throws IOException if the address is taken or not ours
     */
    public HealthServer(String host, int port, Supplier<Report> health, Supplier<Report> readiness,
            Supplier<String> metrics) throws IOException {
        server = open(host, port);
        thread = Executors.newSingleThreadExecutor(task -> {
            var made = new Thread(task, "health");
            made.setDaemon(true);
            return made;
        });
        server.setExecutor(thread);
        page("/healthz", () -> page(health.get()));
        page("/readyz", () -> page(readiness.get()));
        page("/metrics", () -> new Page(OK, PROMETHEUS, metrics.get().getBytes(StandardCharsets.UTF_8)));
        server.start();
    }

    private static HttpServer open(String host, int port) throws IOException {
        try {
            return HttpServer.create(new InetSocketAddress(host, port), 0);
        } catch (BindException e) {
            throw new IOException("health cannot be served at " + host + ":" + port + " (" + e.getMessage()
                    + "); set ATELIER_HEALTH_PORT to a free port or to 0 for any, and ATELIER_HEALTH_HOST to an address of"
                    + " this machine", e);
        }
    }

    private static Page page(Report report) {
        return new Page(report.well() ? OK : UNAVAILABLE, JSON, Json.bytes(report.details()));
    }

    private void page(String path, Supplier<Page> page) {
        server.createContext(path, exchange -> {
            try (exchange) {
                if (!"GET".equals(exchange.getRequestMethod())) {
                    exchange.sendResponseHeaders(METHOD_NOT_ALLOWED, -1);
                } else if (!path.equals(exchange.getRequestURI().getPath())) {
                    exchange.sendResponseHeaders(NOT_FOUND, -1);
                } else {
                    send(exchange, page.get());
                }
            }
        });
    }

    private static void send(HttpExchange exchange, Page page) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", page.mediaType());
        exchange.sendResponseHeaders(page.status(), page.body().length);
        exchange.getResponseBody().write(page.body());
    }

    /** Where it answers. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        thread.shutdown();
    }
}
