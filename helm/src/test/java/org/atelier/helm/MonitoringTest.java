package org.atelier.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Dashboards and alerts ask for what the processes tell: a name that is not there gives an empty panel, and no alarm ever. */
class MonitoringTest {
    private static final Meters METERS = Meters.ofBothProcesses();

    static Stream<Map.Entry<String, String>> expressions() throws IOException {
        var alerts = Manifests.document(Chart.read("helm/atelier/files/alerts.yaml"));
        return Stream.concat(
                Manifests.elements(alerts.path("groups")).flatMap(group -> Manifests.elements(group.path("rules")))
                        .map(rule -> Map.entry(rule.path("alert").asText(), rule.path("expr").asText())),
                dashboards().stream().flatMap(board -> Manifests.elements(board.path("panels"))
                        .flatMap(panel -> Manifests.elements(panel.path("targets"))
                                .map(target -> Map.entry(board.path("title").asText() + ": " + panel.path("title")
                                        .asText(),
                                        target.path("expr").asText())))));
    }

    private static List<JsonNode> dashboards() throws IOException {
        try (var files = Files.list(Chart.HOME.resolve("helm/atelier/files/dashboards"))) {
            return files.sorted().map(file -> Manifests.document(Chart.read(Chart.HOME.relativize(file).toString())))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void askForWhatIsThere(Map.Entry<String, String> expression) {
        assertThat(Meters.asked(expression.getValue())).isNotEmpty();
        assertThat(METERS.problems(expression.getValue())).isEmpty();
        assertThat(expression.getValue().chars().filter(c -> c == '(').count()).isEqualTo(expression.getValue().chars()
                .filter(c -> c == ')').count());
    }

    /** Whoever adds a meter puts it where somebody sees it. */
    @Test
    void everyMeterIsShown() throws IOException {
        assertThat(expressions().flatMap(expression -> Meters.asked(expression.getValue()).stream()).toList())
                .containsAll(
                        METERS.names());
    }

    @Test
    void everyMeterIsDocumentedAndTold() {
        METERS.areThoseThatAreDocumented();
    }

    @Test
    void aNameThatIsNotThereIsNoticed() {
        assertThat(METERS.problems("sum(atelier_job)")).isNotEmpty();
        assertThat(METERS.problems("atelier_jobs{stat=\"queued\"}")).isNotEmpty();
        assertThat(METERS.problems("atelier_jobs{state=\"waiting\"}")).isNotEmpty();
        assertThat(METERS.problems("sum by (pool) (atelier_jobs)")).isNotEmpty();
    }

    @Test
    void alertsSayWhatToDo() {
        var rules = Manifests.elements(Manifests.document(Chart.read("helm/atelier/files/alerts.yaml")).path("groups"))
                .flatMap(group -> Manifests.elements(group.path("rules"))).toList();

        assertThat(rules).extracting(rule -> rule.path("alert").asText()).doesNotHaveDuplicates();
        assertThat(rules).allSatisfy(rule -> {
            assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning", "info");
            assertThat(rule.at("/annotations/summary").asText()).isNotBlank();
            assertThat(rule.at("/annotations/description").asText()).isNotBlank();
        });
    }

    /** Whoever is woken finds what to look at and what to do, at the address that the alert names; and no section is left over. */
    @Test
    void everyAlertHasItsSectionInTheRunbook() {
        var runbook = Chart.read("docs/runbook.md");
        var sections = Pattern.compile("^### (Atelier\\w+)\n(.*?)(?=^##|\\z)", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(runbook).results().collect(Collectors.toMap(section -> section.group(1), section -> section
                        .group(2)));
        var rules = Manifests.elements(Manifests.document(Chart.read("helm/atelier/files/alerts.yaml")).path("groups"))
                .flatMap(group -> Manifests.elements(group.path("rules"))).toList();

        assertThat(sections.keySet()).containsExactlyInAnyOrderElementsOf(rules.stream().map(rule -> rule.path("alert")
                .asText()).toList());
        assertThat(sections.values()).allSatisfy(section -> assertThat(section).contains("**Means**", "**Look**",
                "**Do**"));
        assertThat(rules).allSatisfy(rule -> assertThat(rule.at("/annotations/runbook_url").asText()).isEqualTo(
                "docs/runbook.md#" + rule.path("alert").asText().toLowerCase(Locale.ROOT)));
    }

    /** What a section tells to look at is told by a process. */
    @Test
    void theRunbookNamesMetersThatThereAre() {
        var named = Pattern.compile("`(atelier_[a-z_]+)[`{]").matcher(Chart.read("docs/runbook.md")).results()
                .map(meter -> meter.group(1)).toList();

        assertThat(named).isNotEmpty();
        assertThat(METERS.problems(String.join(" + ", named))).isEmpty();
    }

    @Test
    void alertsLeadToWhereTheRunbookIs() {
        var rules = Chart.render(Combinations.all().get("settings and secrets of one's own")).one("PrometheusRule",
                "faces");

        assertThat(rules.findValuesAsText("runbook_url")).isNotEmpty().allMatch(address -> address.startsWith(
                "https://git.example.com/atelier/docs/runbook.md#atelier"));
    }

    @Test
    void dashboardsAreWhole() throws IOException {
        assertThat(dashboards()).hasSize(2).allSatisfy(board -> {
            assertThat(board.path("uid").asText()).isNotBlank();
            assertThat(Manifests.elements(board.path("panels")).map(panel -> panel.path("id").asInt()))
                    .doesNotHaveDuplicates();
            assertThat(board.findValuesAsText("uid")).contains("${datasource}");
        });
    }

    @Test
    void theChartBringsThemAsTheyAre() {
        var manifests = Chart.render(Chart.example("gpu-fleet.yaml"));

        assertThat(manifests.one("PrometheusRule", "rel").path("spec")).isEqualTo(Manifests.document(Chart.read(
                "helm/atelier/files/alerts.yaml")));
        assertThat(manifests.one("ConfigMap", "rel-dashboards").path("data").path("atelier-fleet.json").asText())
                .isEqualTo(Chart.read("helm/atelier/files/dashboards/atelier-fleet.json"));
    }
}
