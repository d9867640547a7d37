package org.atelier.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.atelier.common.config.Secret;
import org.junit.jupiter.api.Test;

/** Whoever reads many small objects does not wait for one after the other. */
class S3ConcurrencyTest {
    private static final int READERS = 32;

    private final CountDownLatch arrived = new CountDownLatch(READERS);

    /** Answers nobody before all have asked. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            arrived.countDown();
            boolean all = arrived.await(30, TimeUnit.SECONDS);
            exchange.sendResponseHeaders(all ? 200 : 500, 2);
            exchange.getResponseBody().write("ok".getBytes());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static S3ObjectStore client(HttpServer server) {
        var endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new S3ObjectStore(new StoreSettings(endpoint, endpoint, "us-east-1", "bucket", new Secret("key"),
                new Secret("secret")), Duration.ofSeconds(60));
    }

    /** What most questions are answered by costs no more than it must: no document is parsed, no connection is lost. */
    @Test
    void thatNothingIsThereIsSaidByTheStatusAlone() throws Exception {
        var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        var callers = ConcurrentHashMap.<InetSocketAddress>newKeySet();
        server.createContext("/", exchange -> {
            try (exchange) {
                callers.add(exchange.getRemoteAddress());
                var body = "<Error><Code>cut off".getBytes();
                exchange.getResponseHeaders().set("Content-Type", "application/xml");
                exchange.sendResponseHeaders(404, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        try (var store = client(server)) {
            assertThat(store.get("jobs/1")).isEmpty();
            assertThat(store.get("jobs/2")).isEmpty();
            assertThatThrownBy(() -> store.open("jobs/3")).isInstanceOf(NoSuchObjectException.class);
        } finally {
            server.stop(0);
        }
        assertThat(callers).as("connections").hasSize(1);
    }

    @Test
    void manyRequestsAreUnderWayAtOnce() throws Exception {
        var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.setExecutor(threads);
            server.createContext("/", this::answer);
            server.start();
            try (var store = client(server)) {
                var bodies = IntStream.range(0, READERS)
                        .mapToObj(reader -> threads.submit(() -> store.get("jobs/" + reader)))
                        .toList();
                for (var body : bodies) {
                    assertThat(body.get()).contains("ok".getBytes());
                }
            } finally {
                server.stop(0);
            }
        }
    }
}
