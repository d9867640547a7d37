package org.atelier.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import org.atelier.common.config.Configuration;
import org.atelier.common.config.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** The compose file; what it means is Docker's, what it says to our processes is checked here. */
class ComposeTest {
    private static final Path FOLDER = Chart.HOME.resolve("deploy/compose");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{[A-Z_]+:-([^}]*)}");
    private static final JsonNode COMPOSE = load();

    /** Merged and with the variables' defaults, as Docker reads it. */
    private static JsonNode load() {
        var text = VARIABLE.matcher(Chart.read("deploy/compose/compose.yaml")).replaceAll("$1");
        return new ObjectMapper().valueToTree(new Yaml().<Object>load(text));
    }

    @Test
    void isAComposeFile() {
        var schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                .getSchema(ComposeTest.class.getResourceAsStream("compose.schema.json"));

        assertThat(schema.validate(COMPOSE.toString(), InputFormat.JSON)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dispatcher", "worker"})
    void everySettingIsKnownAndItsValueUnderstood(String process, @TempDir Path folder) throws Exception {
        var variables = new HashMap<String, String>();
        service(process).path("environment").properties()
                .forEach(variable -> variables.put(variable.getKey(), variable.getValue().asText()));
        var secret = Files.writeString(folder.resolve("secret"), "from-a-file-".repeat(4));
        variables.replaceAll((name, value) -> name.endsWith("_FILE") ? secret.toString() : value);

        var configuration = Configuration.read(Environment.known(process), variables);

        assertThat(configuration.unknown()).isEmpty();
        Environment.known(process).stream()
                .filter(setting -> configuration.find(setting).filter(Secret.class::isInstance).isPresent())
                .forEach(setting -> assertThat(variables).doesNotContainKey(setting.key()));
    }

    @Test
    void whatIsNamedIsThere() {
        COMPOSE.path("services").properties().forEach(service -> {
            var names = service.getValue();
            Manifests.elements(names.path("secrets")).forEach(secret -> assertThat(COMPOSE.path("secrets").has(secret
                    .asText())).as(secret.asText()).isTrue());
            Manifests.elements(names.path("volumes")).map(JsonNode::asText).forEach(ComposeTest::isThere);
            var others = names.path("depends_on");
            Stream.concat(others.propertyStream().map(Map.Entry::getKey), Manifests.elements(others)
                    .filter(JsonNode::isTextual).map(JsonNode::asText))
                    .forEach(other -> assertThat(COMPOSE.path("services").has(other)).as(other).isTrue());
            names.path("environment").properties().forEach(variable -> {
                if (variable.getValue().asText().startsWith("/run/secrets/")) {
                    assertThat(Manifests.elements(names.path("secrets")).map(JsonNode::asText)).contains(variable
                            .getValue().asText().substring("/run/secrets/".length()));
                }
            });
        });
    }

    private static void isThere(String mount) {
        var source = mount.substring(0, mount.indexOf(':'));
        if (source.startsWith(".")) {
            assertThat(FOLDER.resolve(source).normalize()).exists();
        } else {
            assertThat(COMPOSE.path("volumes").has(source)).as(source).isTrue();
        }
    }

    /** What others are reached at is a service, and listens there. */
    @Test
    void addressesArePortsOfServices() {
        var dispatcher = service("dispatcher").path("environment");
        assertThat(service("kafka").at("/environment/KAFKA_ADVERTISED_LISTENERS").asText()).isEqualTo("PLAINTEXT://"
                + dispatcher.path("ATELIER_KAFKA_BOOTSTRAP").asText());
        var prometheus = Manifests.document(Chart.read("deploy/compose/prometheus/prometheus.yaml"));
        assertThat(prometheus.at("/scrape_configs/0/dns_sd_configs/0/port").asText()).isEqualTo(dispatcher.path(
                "ATELIER_HTTP_PORT").asText());
        assertThat(prometheus.at("/scrape_configs/1/dns_sd_configs/0/port").asText()).isEqualTo(service("worker").at(
                "/environment/ATELIER_HEALTH_PORT").asText());
        for (var process : new String[]{"dispatcher", "worker"}) {
            var port = service(process).path("environment").path(process.equals("worker")
                    ? "ATELIER_HEALTH_PORT"
                    : "ATELIER_HTTP_PORT").asText();
            assertThat(service(process).at("/healthcheck/test/3").asText()).contains("/127.0.0.1/" + port + " ");
        }
    }

    /** The script makes every secret that the file names, and leaves what is there. */
    @Test
    void secretsAreMadeOnce(@TempDir Path folder) throws Exception {
        var script = Files.copy(FOLDER.resolve("secrets.sh"), folder.resolve("secrets.sh"));
        run(script);
        var password = Files.readString(folder.resolve("secrets/store-password"));
        run(script);

        assertThat(Files.readString(folder.resolve("secrets/store-password"))).isEqualTo(password).hasSize(48);
        assertThat(COMPOSE.path("secrets").propertyStream().map(secret -> folder.resolve(secret.getValue().path("file")
                .asText()))).allSatisfy(file -> assertThat(file).isNotEmptyFile());
    }

    private static void run(Path script) throws Exception {
        assertThat(new ProcessBuilder("sh", script.toString()).inheritIO().start().waitFor()).isZero();
    }

    private static JsonNode service(String name) {
        return COMPOSE.path("services").path(name);
    }
}
