package org.atelier.local.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.atelier.common.bundle.BundleUpload;
import org.atelier.common.json.Json;
import org.atelier.common.store.S3ObjectStore;
import org.atelier.local.process.ChildProcess;
import org.atelier.local.process.ChildSpec;
import org.atelier.local.process.LoggedSecrets;
import org.atelier.local.process.Ports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/**
 * What {@code deploy/compose} says to the processes, said to the processes: the command of the image, the variables, the secrets that the script
 * made and the health checks of the compose file. Kafka and the store are the embedded ones and PostgreSQL is its binaries, each in the place of
 * its image; only addresses, ports and folders are others.
 */
class ComposeIT {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final String FOLDER = "deploy/compose";
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{[A-Z_]+:-([^}]*)}");
    private static final Pattern ENTRYPOINT = Pattern.compile("^ENTRYPOINT (\\[.*])$", Pattern.MULTILINE);

    @RegisterExtension
    static final FleetExtension SERVERS = new FleetExtension();

    @TempDir
    private Path folder;

    private final Installation installation = Installation.ofThisProcess();
    private final List<ChildProcess> processes = new ArrayList<>();
    private final Map<String, String> replaced = new HashMap<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private EmbeddedPostgres database;
    private JsonNode compose;
    private int http;

    @BeforeEach
    void prepare() throws Exception {
        compose = Json.tree(new Yaml().<Object>load(VARIABLE.matcher(Files.readString(installation.home().resolve(
                FOLDER + "/compose.yaml"))).replaceAll("$1")));
        var script = Files.copy(installation.home().resolve(FOLDER + "/secrets.sh"), folder.resolve("secrets.sh"));
        assertThat(new ProcessBuilder("sh", script.toString()).start().waitFor()).isZero();
        var store = SERVERS.fleet().store().settings();
        Files.writeString(folder.resolve("secrets/store-user"), store.accessKey().reveal());
        Files.writeString(folder.resolve("secrets/store-password"), store.secretKey().reveal());
        startDatabase();

        var ports = new Ports(new SecureRandom()).free(2);
        http = ports.getFirst();
        replaced.put("kafka:9092", SERVERS.fleet().broker().settings().bootstrapServers());
        replaced.put("http://store:9000", store.endpoint().toString());
        replaced.put("http://localhost:9000", store.endpoint().toString());
        replaced.put("postgresql:5432", "127.0.0.1:" + database.getPort());
        replaced.put("/run/secrets", folder.resolve("secrets").toString());
        replaced.put("/var/cache/atelier", folder.resolve("cache").toString());
        replaced.put("8080", String.valueOf(http));
        replaced.put("8090", String.valueOf(ports.getLast()));
    }

    /** As the image makes it from its variables: a user, its password, a database of its own. */
    private void startDatabase() throws IOException, SQLException {
        try {
            database = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
        } catch (IllegalStateException e) {
            assumeTrue(false, "no PostgreSQL can be started here: " + e.getMessage());
        }
        var password = Files.readString(folder.resolve("secrets/database-password"));
        try (var connection = database.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("CREATE USER atelier PASSWORD '" + password + "'");
            statement.execute("CREATE DATABASE atelier OWNER atelier");
        }
    }

    @AfterEach
    void stop() throws IOException {
        processes.reversed().forEach(ChildProcess::close);
        if (database != null) {
            database.close();
        }
    }

    private String here(String text) {
        var result = text;
        for (var replacement : replaced.entrySet()) {
            result = result.replace(replacement.getKey(), replacement.getValue());
        }
        return result;
    }

    private void start(String service, Installation.Part part) throws IOException {
        var image = Files.readString(installation.home().resolve("deploy/images/" + service + ".Dockerfile"));
        var found = ENTRYPOINT.matcher(image);
        assertThat(found.find()).isTrue();
        var command = new ArrayList<String>();
        Json.mapper().readTree(found.group(1)).forEach(word -> command.add(word.asText()));
        int classPath = command.indexOf("-cp");
        var program = installation.program(part, command.getLast(), command.subList(1, classPath), List.of(), null);

        var environment = new HashMap<String, String>();
        compose.at("/services/" + service + "/environment").properties().forEach(variable -> environment.put(variable
                .getKey(), here(variable.getValue().asText())));
        // Even when everybody talks no log has a secret.
        environment.put("ATELIER_LOG_LEVEL", "DEBUG");
        environment.put("ATELIER_LOG_LIBRARIES", "DEBUG");
        environment.put("ATELIER_LOG_FORMAT", "text");
        processes.add(ChildProcess.start(new ChildSpec(service, program.command(), environment, Set.of("ATELIER_",
                "GOMP_", "MALLOC_"), folder.resolve(service + processes.size() + ".log"), Duration.ofSeconds(30))));
    }

    /** The health check of the compose file says that it is well; while it runs. */
    private void awaitHealthy(String service) {
        var check = compose.at("/services/" + service + "/healthcheck/test");
        assertThat(check.path(0).asText()).isEqualTo("CMD");
        var command = new ArrayList<String>();
        check.forEach(word -> command.add(here(word.asText())));
        command.removeFirst();
        var process = processes.getLast();
        await().atMost(LONG).pollInterval(Duration.ofMillis(500)).until(() -> {
            assertThat(process.alive()).as("%s ended: %s", service, process.lastLines()).isTrue();
            var asked = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(
                    ProcessBuilder.Redirect.DISCARD).start();
            return asked.waitFor(10, TimeUnit.SECONDS) && asked.exitValue() == 0;
        });
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder to(String path) throws IOException {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + path))
                .header("Authorization", "Bearer " + Files.readString(folder.resolve("secrets/admin-token")));
    }

    @Test
    void theProcessesStartAsTheyAreToldAndAJobGoesThroughThem() throws Exception {
        start("dispatcher", Installation.Part.DISPATCHER);
        start("worker", Installation.Part.WORKER);
        try (var store = new S3ObjectStore(SERVERS.fleet().store().settings(), Duration.ofSeconds(30))) {
            new BundleUpload(store).upload(installation.home().resolve("models/avatar-128"));
        }
        awaitHealthy("dispatcher");
        awaitHealthy("worker");

        var submitted = send(to("/v1/jobs").header("Content-Type", "application/json").POST(BodyPublishers.ofString(
                "{\"request\":{\"type\":\"generate\",\"bundle\":\"avatar-128\",\"sources\":[{\"seed\":85}]}}")));
        assertThat(submitted.statusCode()).as(submitted.body()).isEqualTo(202);
        var job = Json.mapper().readTree(submitted.body()).path("id").asText();
        await().atMost(LONG).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> assertThat(Json.mapper()
                .readTree(send(to("/v1/jobs/" + job)).body()).path("state").asText()).isEqualTo("succeeded"));

        var scraped = Json.tree(new Yaml().<Object>load(Files.readString(installation.home().resolve(
                FOLDER + "/prometheus/prometheus.yaml")))).at(
                        "/scrape_configs/0/authorization/credentials_file").asText();
        assertThat(scraped).as("what Prometheus shows").isEqualTo("/run/secrets/admin-token");
        assertThat(send(to("/metrics")).body()).contains("atelier_leader 1.0");
        assertThat(send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + "/metrics"))).statusCode())
                .isEqualTo(401);
        aSecondDispatcherTellsTheDemandThatTheFirstHasCounted();
        LoggedSecrets.assertNone(folder, List.of(secret("admin-token"), secret("database-password"), secret(
                "store-password")));
    }

    private String secret(String name) throws IOException {
        return Files.readString(folder.resolve("secrets").resolve(name)).strip();
    }

    /** As a service in front of both would ask it. */
    private void aSecondDispatcherTellsTheDemandThatTheFirstHasCounted() throws Exception {
        http = new Ports(new SecureRandom()).free(1).getFirst();
        replaced.put("8080", String.valueOf(http));
        start("dispatcher", Installation.Part.DISPATCHER);
        awaitHealthy("dispatcher");

        await().atMost(LONG).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
            assertThat(send(to("/metrics")).body()).contains("atelier_leader 0.0");
            var demand = send(to("/v1/scaling/edit"));
            assertThat(demand.statusCode()).as(demand.body()).isEqualTo(200);
            assertThat(Json.mapper().readTree(demand.body()).path("demandSlots").asInt(-1)).isZero();
        });
    }
}
