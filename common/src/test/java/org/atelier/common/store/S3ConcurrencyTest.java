package org.atelier.common.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
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

    @Test
    void manyRequestsAreUnderWayAtOnce() throws Exception {
        var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.setExecutor(threads);
            server.createContext("/", this::answer);
            server.start();
            var endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
            var settings = new StoreSettings(endpoint, endpoint, "us-east-1", "bucket", new Secret("key"), new Secret(
                    "secret"));
            try (var store = new S3ObjectStore(settings, Duration.ofSeconds(60))) {
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
