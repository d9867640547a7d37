package org.atelier.common.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.atelier.common.json.Json;
import org.jspecify.annotations.Nullable;

/** A server that gives prepared answers and keeps what it was asked. */
public final class FakeDispatcher implements AutoCloseable {
    /**
     * A request as it came.
     *
     * @param line        method and address
     * @param key         its idempotency key
     * @param lastEventId where its event stream should go on
     * @param traceparent the span that it came of
     * @param body        as text
     */
    public record Asked(String line, @Nullable String key, @Nullable String lastEventId, @Nullable String traceparent,
            String body) {}

    private record Answer(int status, String mediaType, byte[] body) {}

    private final HttpServer server;
    private final List<Asked> asked = new ArrayList<>();
    private final Map<String, Queue<Answer>> answers = new HashMap<>();

    public FakeDispatcher() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The next answer to a request: the last one prepared for it stays. */
    public FakeDispatcher on(String line, int status, String mediaType, byte[] body) {
        answers.computeIfAbsent(line, key -> new ArrayDeque<>()).add(new Answer(status, mediaType, body));
        return this;
    }

    public FakeDispatcher onJson(String line, int status, Object document) {
        return on(line, status, "application/json", Json.bytes(document));
    }

    public FakeDispatcher onProblem(String line, int status, String problem) {
        return on(line, status, "application/problem+json", problem.getBytes(StandardCharsets.UTF_8));
    }

    /** An event stream that ends after these events. */
    public FakeDispatcher onEvents(String line, String... events) {
        return on(line, 200, "text/event-stream", String.join("", events).getBytes(StandardCharsets.UTF_8));
    }

    public synchronized List<Asked> asked() {
        return List.copyOf(asked);
    }

    private synchronized void answer(HttpExchange exchange) {
        var line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        try (exchange) {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.add(new Asked(line, exchange.getRequestHeaders().getFirst("Idempotency-Key"), exchange
                    .getRequestHeaders().getFirst("Last-Event-ID"), exchange.getRequestHeaders().getFirst(
                            "traceparent"),
                    body));
            var prepared = answers.getOrDefault(line, new ArrayDeque<>());
            var answer = prepared.size() > 1 ? prepared.remove() : prepared.peek();
            if (answer == null) {
                answer = new Answer(500, "text/plain", ("no answer was prepared for " + line).getBytes(
                        StandardCharsets.UTF_8));
            }
            exchange.getResponseHeaders().set("Content-Type", answer.mediaType());
            exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
