package org.atelier.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold of the manifests of every installation. */
class ChartTest {
    static Stream<Map.Entry<String, String>> combinations() {
        return Combinations.stream();
    }

    @Test
    void helmHasNothingAgainstTheChart() {
        var result = Chart.lint();

        assertThat(result.isFailed()).as(result.getMessages().toString()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void kubernetesKnowsEveryField(Map.Entry<String, String> combination) {
        var manifests = Chart.render(combination.getValue());

        assertThat(manifests.all()).isNotEmpty().allSatisfy(object -> assertThat(KubernetesSchema.problems(object))
                .as(Manifests.kind(object) + " " + Manifests.name(object)).isEmpty());
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void namesAreGivenOnce(Map.Entry<String, String> combination) {
        assertThat(Chart.render(combination.getValue()).all().stream()
                .map(object -> Manifests.kind(object) + "/" + Manifests.name(object))).doesNotHaveDuplicates();
    }

    /** A selector that finds nothing is no error anywhere, and neither is one that finds the pods of another part. */
    @ParameterizedTest
    @MethodSource("combinations")
    void selectorsFindTheirPodsAndNoOthers(Map.Entry<String, String> combination) {
        var manifests = Chart.render(combination.getValue());
        for (var object : manifests.all()) {
            var selector = selector(object);
            if (selector == null) {
                continue;
            }
            var found = manifests.pods().filter(pod -> matches(selector, pod.at("/metadata/labels"))).toList();
            var component = selector.path("app.kubernetes.io/component").asText();
            assertThat(found).as(Manifests.kind(object) + " " + Manifests.name(object)).isNotEmpty()
                    .allSatisfy(pod -> assertThat(pod.at("/metadata/labels").path("app.kubernetes.io/component")
                            .asText())
                            .isEqualTo(component));
            if (Manifests.pod(object) != null || Manifests.kind(object).equals("PodDisruptionBudget")) {
                assertThat(found).as(Manifests.kind(object) + " " + Manifests.name(object)).hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void portsAgree(Map.Entry<String, String> combination) {
        var manifests = Chart.render(combination.getValue());
        for (var service : manifests.of("Service")) {
            var open = manifests.pods().filter(pod -> matches(service.at("/spec/selector"), pod.at("/metadata/labels")))
                    .flatMap(Manifests::containers)
                    .flatMap(container -> Manifests.elements(container.path("ports")))
                    .collect(Collectors.toMap(port -> port.path("name").asText(), port -> port.path("containerPort")));
            assertThat(Manifests.elements(service.at("/spec/ports")).map(port -> port.path("targetPort").asText()))
                    .allSatisfy(name -> assertThat(open).containsKey(name));
        }
        manifests.pods().flatMap(Manifests::containers).forEach(container -> {
            var open = new HashMap<String, Integer>();
            Manifests.elements(container.path("ports")).forEach(port -> open.put(port.path("name").asText(), port.path(
                    "containerPort").asInt()));
            Stream.of("startupProbe", "livenessProbe", "readinessProbe").map(container::path)
                    .map(probe -> probe.at("/httpGet/port").asText(probe.at("/tcpSocket/port").asText()))
                    .filter(port -> !port.isEmpty())
                    .forEach(port -> assertThat(open).containsKey(port));
            var settings = Environment.plain(container);
            Stream.of("ATELIER_HTTP_PORT", "ATELIER_HEALTH_PORT").map(settings::get).filter(Objects::nonNull)
                    .forEach(port -> assertThat(open).containsValue(Integer.valueOf(port)));
        });
        manifests.of("Ingress").forEach(ingress -> assertThat(ingress.findValuesAsText("name"))
                .contains("rel-dispatcher", "http"));
    }

    @Test
    void bothProcessesReachTheCollectorOfTraces() {
        var traced = Chart.render(Combinations.existing() + "tracing: {endpoint: 'http://collector:4319'}\n");

        assertThat(Environment.ofAtelier(traced)).extracting(container -> container.path("name").asText()).contains(
                "dispatcher", "worker");
        assertThat(Environment.ofAtelier(traced)).allSatisfy(container -> assertThat(Environment.plain(container))
                .containsEntry("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4319"));
        assertThat(traced.of("NetworkPolicy")).hasSize(2).allSatisfy(policy -> assertThat(policy.at("/spec/egress")
                .findValuesAsText("port")).contains("4319"));
        assertThat(Environment.ofAtelier(Chart.render(Combinations.existing()))).allSatisfy(
                container -> assertThat(Environment.names(container)).noneMatch(name -> name.startsWith("OTEL_")));
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void podsMayDoNothingThatTheyNeedNot(Map.Entry<String, String> combination) {
        var manifests = Chart.render(combination.getValue());
        assertThat(manifests.pods()).isNotEmpty().allSatisfy(pod -> {
            assertThat(pod.at("/spec/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.at("/spec/securityContext/runAsUser").asInt()).isPositive();
            assertThat(pod.at("/spec/enableServiceLinks").asBoolean(true)).isFalse();
            assertThat(pod.at("/spec/automountServiceAccountToken").isBoolean()).isTrue();
            assertThat(Manifests.containers(pod)).allSatisfy(container -> {
                assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true)).isFalse();
                assertThat(container.at("/securityContext/capabilities/drop/0").asText()).isEqualTo("ALL");
            });
        });
        assertThat(Environment.ofAtelier(manifests)).isNotEmpty().allSatisfy(container -> assertThat(container.at(
                "/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue());
    }

    /** What is mounted must be there, and what is written to must be mounted. */
    @ParameterizedTest
    @MethodSource("combinations")
    void mountsHaveVolumes(Map.Entry<String, String> combination) {
        var manifests = Chart.render(combination.getValue());
        manifests.of("Deployment").forEach(deployment -> {
            var pod = deployment.at("/spec/template");
            var volumes = Manifests.elements(pod.at("/spec/volumes")).map(volume -> volume.path("name").asText())
                    .toList();
            var mounts = Manifests.containers(pod).flatMap(container -> Manifests.elements(container.path(
                    "volumeMounts")))
                    .toList();
            assertThat(mounts).extracting(mount -> mount.path("name").asText())
                    .containsExactlyInAnyOrderElementsOf(volumes);
            assertThat(mounts).extracting(mount -> mount.path("mountPath").asText()).contains("/tmp");
        });
    }

    private static @org.jspecify.annotations.Nullable JsonNode selector(JsonNode object) {
        return switch (Manifests.kind(object)) {
            case "Service" -> object.at("/spec/selector");
            case "Deployment", "StatefulSet", "PodDisruptionBudget", "PodMonitor" -> object.at(
                    "/spec/selector/matchLabels");
            case "NetworkPolicy" -> object.at("/spec/podSelector/matchLabels");
            default -> null;
        };
    }

    private static boolean matches(JsonNode selector, JsonNode labels) {
        return selector.propertyStream().allMatch(label -> labels.path(label.getKey()).equals(label.getValue()));
    }
}
