package org.atelier.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.config.Configuration;
import org.atelier.common.config.Setting;
import org.atelier.common.trace.otel.TracingSettings;
import org.atelier.dispatcher.access.AccessSettings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The settings that the chart gives are ones that the processes have, and are complete. */
class SettingsTest {
    static Stream<Map.Entry<String, String>> combinations() {
        return Combinations.stream();
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void everySettingIsKnownAndItsValueUnderstood(Map.Entry<String, String> combination) {
        assertThat(Environment.ofAtelier(Chart.render(combination.getValue()))).hasSizeGreaterThan(1)
                .allSatisfy(container -> {
                    var process = container.path("name").asText();
                    assertThat(Environment.problems(process, Environment.plain(container))).isEmpty();
                    assertThat(Environment.names(container)).doesNotHaveDuplicates()
                            .allMatch(name -> !name.matches("(ATELIER|OTEL)_.*")
                                    || Environment.known(process).stream().anyMatch(setting -> setting.key().equals(
                                            name)))
                            .containsAll(Environment.known(process).stream().filter(Setting::required).map(Setting::key)
                                    .toList());
                });
    }

    /** What a secret or the pod may hold: long enough for a token, short enough for a name, and headers where those are. */
    private static String referredTo(String variable) {
        return (variable.equals(TracingSettings.HEADERS.key()) ? "x-key=" : "") + "x".repeat(40);
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void theProcessesReadThem(Map.Entry<String, String> combination) {
        assertThat(Environment.ofAtelier(Chart.render(combination.getValue()))).allSatisfy(container -> {
            var variables = Environment.plain(container);
            Environment.names(container).forEach(name -> variables.putIfAbsent(name, referredTo(name)));
            assertThat(Configuration.read(Environment.known(container.path("name").asText()), variables).unknown())
                    .isEmpty();
        });
    }

    /** A dispatcher that others can reach and that would ask nobody for a name does not start. */
    @ParameterizedTest
    @MethodSource("combinations")
    void nobodyIsServedUnasked(Map.Entry<String, String> combination) {
        assertThat(Environment.ofAtelier(Chart.render(combination.getValue()))).filteredOn(container -> container.path(
                "name").asText().equals("dispatcher")).isNotEmpty().allSatisfy(container -> assertThat(Environment
                        .names(container)).containsAnyOf(AccessSettings.ADMIN_TOKEN.key(), AccessSettings.OIDC_ISSUER
                                .key()));
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void secretsAreReferredTo(Map.Entry<String, String> combination) {
        var manifests = Chart.render(combination.getValue());
        assertThat(manifests.pods().flatMap(Manifests::containers).flatMap(SettingsTest::variables)
                .filter(variable -> variable.path("name").asText().matches(
                        ".*(PASSWORD|ACCESS_KEY|SECRET_KEY|_TOKEN|_USER|_HEADERS)")))
                .isNotEmpty()
                .allSatisfy(variable -> assertThat(variable.at("/valueFrom/secretKeyRef/name").asText()).isNotEmpty());
        assertThat(manifests.of("Secret")).isEmpty();
    }

    private static Stream<JsonNode> variables(JsonNode container) {
        return Manifests.elements(container.path("env"));
    }
}
