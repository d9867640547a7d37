package org.atelier.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

import org.atelier.worker.job.world.ChainWorkerMain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A real process, without brokers and store: how it starts, waits and ends. */
@Timeout(120)
@DisabledOnOs(OS.WINDOWS)
class WorkerProcessTest {
    private static final Pattern HEALTH = Pattern.compile("health and metrics are at http://(\\S+)");

    @TempDir
    private Path folder;

    private Path log;
    private Process process;

    private void start(Map<String, String> settings) throws IOException {
        log = folder.resolve("worker.log");
        var builder = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-Xmx128m",
                "-Dlogback.configurationFile=logback.xml", "-cp", System.getProperty("java.class.path"),
                ChainWorkerMain.class.getName());
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        var environment = new HashMap<>(Map.of(
                "ATELIER_KAFKA_BOOTSTRAP", "127.0.0.1:1",
                "ATELIER_STORE_ENDPOINT", "http://127.0.0.1:1",
                "ATELIER_STORE_ACCESS_KEY", "the-access-key",
                "ATELIER_STORE_SECRET_KEY", "the-secret-key",
                "ATELIER_HEALTH_PORT", "0",
                "ATELIER_GRACE_PERIOD", "10s"));
        environment.putAll(settings);
        builder.environment().putAll(environment);
        process = builder.start();
    }

    @AfterEach
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    private String log() throws IOException {
        return Files.readString(log);
    }

    private URI health() throws IOException {
        await().atMost(Duration.ofMinutes(1)).until(() -> HEALTH.matcher(log()).find());
        var matcher = HEALTH.matcher(log());
        assertThat(matcher.find()).isTrue();
        return URI.create("http://" + matcher.group(1));
    }

    private int status(String path) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(health().resolve(path)).build(),
                    HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    private void signal(String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor()).isZero();
    }

    @Test
    void wrongSettingsAreAllNamedAndEndIt() throws Exception {
        start(Map.of("ATELIER_SLOTS", "many", "ATELIER_POOL", "A Pool"));

        assertThat(process.waitFor()).isEqualTo(WorkerProcess.WRONG_SETTINGS);
        assertThat(log()).contains("ATELIER_SLOTS", "ATELIER_POOL");
    }

    @Test
    void aHealthPortThatIsTakenEndsItWithWhatToDo() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            start(Map.of("ATELIER_HEALTH_PORT", Integer.toString(taken.getLocalPort())));

            assertThat(process.waitFor()).isEqualTo(WorkerProcess.FAILED);
            assertThat(log()).contains("set ATELIER_HEALTH_PORT to a free port");
        }
    }

    @Test
    void waitsForStoreAndBrokersAndLeavesWhenItIsTold() throws Exception {
        start(Map.of("ATELIER_SLOTZ", "2"));
        assertThat(status("/healthz")).isEqualTo(200);
        assertThat(status("/readyz")).isEqualTo(503);
        await().atMost(Duration.ofMinutes(1)).until(() -> log().contains(
                "slot-0: takes no work until the store answers"));

        signal("TERM");
        assertThat(process.waitFor()).isEqualTo(WorkerProcess.LEFT);
        assertThat(log()).contains("ATELIER_SLOTZ is no setting of a worker", "ATELIER_POOL = edit", "********")
                .doesNotContain("the-access-key", "the-secret-key");
    }
}
