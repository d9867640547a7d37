package org.atelier.worker.job.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;

import org.atelier.worker.job.health.HealthServer.Report;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthServerTest {
    private HealthServer server;
    private volatile boolean ready;

    @BeforeEach
    void start() throws IOException {
        server = new HealthServer("127.0.0.1", 0, () -> new Report(true, Map.of("healthy", true)),
                () -> new Report(ready, Map.of("ready", ready)), () -> "atelier_worker_running 1.0\n");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> send(String method, String path) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void tellsHealth() throws Exception {
        assertThat(send("GET", "/healthz").statusCode()).isEqualTo(200);
        assertThat(send("GET", "/healthz").body()).isEqualTo("{\"healthy\":true}");
    }

    @Test
    void tellsWhetherItIsReady() throws Exception {
        assertThat(send("GET", "/readyz").statusCode()).isEqualTo(503);
        ready = true;
        assertThat(send("GET", "/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void tellsMetrics() throws Exception {
        var response = send("GET", "/metrics");

        assertThat(response.body()).isEqualTo("atelier_worker_running 1.0\n");
        assertThat(response.headers().firstValue("Content-Type")).get().asString().startsWith("text/plain");
    }

    @Test
    void anAddressThatIsTakenIsSaidWithWhatToDo() {
        assertThatIOException().isThrownBy(() -> new HealthServer("127.0.0.1", server.address().getPort(), () -> null,
                () -> null, () -> "")).withMessageContaining("ATELIER_HEALTH_PORT");
    }

    @Test
    void knowsNothingElse() throws Exception {
        assertThat(send("GET", "/").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/healthzzz").statusCode()).isEqualTo(404);
        assertThat(send("POST", "/healthz").statusCode()).isEqualTo(405);
    }
}
