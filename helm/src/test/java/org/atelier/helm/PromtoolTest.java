package org.atelier.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The alert rules over time series, by Prometheus' own tool. No registry has it for the JVM: where it is not in the path ({@code -Datelier.promtool=FILE} names another place) it is
 * skipped.
 */
class PromtoolTest {
    private static final String TESTS = "helm/src/test/promtool/alerts.test.yaml";
    private static final Meters METERS = Meters.ofBothProcesses();

    private static Optional<Path> promtool() {
        return Stream.concat(Stream.ofNullable(System.getProperty("atelier.promtool")).map(Path::of), Stream.of(System
                .getenv("PATH").split(File.pathSeparator)).map(folder -> Path.of(folder, "promtool"))).filter(
                        Files::isExecutable).findFirst();
    }

    @ParameterizedTest
    @ValueSource(strings = {"check rules helm/atelier/files/alerts.yaml", "test rules " + TESTS})
    void isContent(String arguments) throws IOException, InterruptedException {
        var tool = promtool();
        assumeTrue(tool.isPresent(), "no promtool in the path, nor by -Datelier.promtool");
        var command = new ArrayList<>(List.of(tool.orElseThrow().toString()));
        command.addAll(List.of(arguments.split(" ")));
        var process = new ProcessBuilder(command).directory(Chart.HOME.toFile()).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
    }

    /** Where the tool is not there, at least nothing is left out: each alert once as it fires, and once as it must not. */
    @Test
    void everyAlertIsTestedBothWays() {
        var tests = Manifests.elements(Manifests.document(Chart.read(TESTS)).path("tests")).map(test -> test.at(
                "/alert_rule_test/0")).toList();
        var alerts = Manifests.elements(Manifests.document(Chart.read("helm/atelier/files/alerts.yaml")).path("groups"))
                .flatMap(group -> Manifests.elements(group.path("rules"))).map(rule -> rule.path("alert").asText())
                .toList();

        assertThat(names(tests, true)).containsExactlyElementsOf(alerts);
        assertThat(names(tests, false)).containsExactlyElementsOf(alerts);
    }

    private static List<String> names(List<JsonNode> tests, boolean firing) {
        return tests.stream().filter(test -> test.path("exp_alerts").isEmpty() != firing).map(test -> test.path(
                "alertname").asText()).toList();
    }

    /** A rule that is tested with a series that no process tells is not tested. */
    @Test
    void theSeriesAreThoseOfTheProcesses() {
        var ofPrometheus = Pattern.compile(",?instance=\"\\w\"");
        assertThat(Manifests.document(Chart.read(TESTS)).findValuesAsText("series")).isNotEmpty().allSatisfy(
                series -> assertThat(METERS.problems(ofPrometheus.matcher(series).replaceAll("").replace("train",
                        "edit"))).as(series).isEmpty());
    }
}
