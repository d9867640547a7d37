package org.atelier.dispatcher.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** Somebody who is told by webhooks. It checks signatures by itself, as the specification says it. */
public final class Receiver implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Told> told = new CopyOnWriteArrayList<>();
    private volatile Answer answer = told -> new Reply(204, Map.of());

    /** What it answers. */
    @FunctionalInterface
    public interface Answer {
        /** The answer to a message; it may take its time. */
        Reply to(Told told);
    }

    /** An answer. */
    public record Reply(int status, Map<String, String> headers) {}

    /** A message. */
    public record Told(String path, Map<String, List<String>> headers, byte[] body) {
        /** A header. */
        public String header(String name) {
            return headers.entrySet().stream().filter(entry -> entry.getKey().equalsIgnoreCase(name)).map(
                    entry -> entry.getValue().getFirst()).findFirst().orElse("");
        }

        /** What it says. */
        public JsonNode event() {
            return Intakes.json(new String(body, StandardCharsets.UTF_8));
        }

        /** The signatures. */
        public List<String> signatures() {
            return List.of(header("webhook-signature").split(" "));
        }

        /** Whether one of its signatures is of a secret. */
        public boolean isSignedBy(String secret) {
            try {
                var mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.replaceFirst("^whsec_", "")), "x"));
                var content = header("webhook-id") + "." + header("webhook-timestamp") + "." + new String(body,
                        StandardCharsets.UTF_8);
                return Arrays.asList(header("webhook-signature").split(" ")).contains("v1," + Base64.getEncoder()
                        .encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8))));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    public Receiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(executor);
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var message = new Told(exchange.getRequestURI().getPath(), Map.copyOf(exchange.getRequestHeaders()),
                    exchange.getRequestBody().readAllBytes());
            told.add(message);
            var reply = answer.to(message);
            reply.headers().forEach(exchange.getResponseHeaders()::add);
            exchange.sendResponseHeaders(reply.status(), -1);
        }
    }

    /** A resolver that asks nobody: names of tests lead to this machine, or outside where they begin with "public". */
    public static InetAddress[] resolve(String host) throws UnknownHostException {
        return switch (host) {
            case "missing.test" -> throw new UnknownHostException(host);
            case "inside.test" -> new InetAddress[]{InetAddress.getByName("10.0.0.1")};
            case "receiver.test", "127.0.0.1" -> new InetAddress[]{InetAddress.getByName("127.0.0.1")};
            default -> throw new UnknownHostException(host + " is not known to tests");
        };
    }

    /** Its address. */
    public URI url() {
        return URI.create("http://receiver.test:" + server.getAddress().getPort() + "/hook");
    }

    /** Everything it was told, in order. */
    public List<Told> told() {
        return List.copyOf(told);
    }

    /** From now on it answers so. */
    public void answers(Answer reply) {
        this.answer = reply;
    }

    /** From now on it answers so. */
    public void answers(int status) {
        this.answer = message -> new Reply(status, Map.of());
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
