package org.atelier.helm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.config.Secret;
import org.atelier.common.config.Setting;
import org.atelier.dispatcher.DispatcherSettings;
import org.atelier.worker.job.WorkerSettings;
import org.atelier.worker.tensor.TensorSettings;

/** The variables of a process, and those that it knows. */
final class Environment {
    private static final List<Setting<?>> WORKER = Stream.of(WorkerSettings.PROCESS, TensorSettings.LIST)
            .<Setting<?>>flatMap(List::stream).toList();

    private Environment() {}

    /** Every setting that a process knows, by the name of its container. */
    static List<Setting<?>> known(String process) {
        return switch (process) {
            case "dispatcher" -> DispatcherSettings.LIST;
            case "worker" -> WORKER;
            default -> throw new IllegalArgumentException(process + " is no process of Atelier");
        };
    }

    /** The containers that are processes of ours. */
    static List<JsonNode> ofAtelier(Manifests manifests) {
        return manifests.pods().flatMap(Manifests::containers)
                .filter(container -> container.path("name").asText().matches("dispatcher|worker")).toList();
    }

    /** Variables whose values stand in the manifest. */
    static Map<String, String> plain(JsonNode container) {
        var plain = new LinkedHashMap<String, String>();
        Manifests.elements(container.path("env")).filter(variable -> variable.has("value"))
                .forEach(variable -> plain.put(variable.path("name").asText(), variable.path("value").asText()));
        return plain;
    }

    /** Names of all variables. */
    static List<String> names(JsonNode container) {
        return Manifests.elements(container.path("env")).map(variable -> variable.path("name").asText()).toList();
    }

    /** What is wrong with variables: names that the process does not know, values that it would refuse, open secrets. */
    static List<String> problems(String process, Map<String, String> variables) {
        return variables.entrySet().stream().filter(variable -> variable.getKey().startsWith("ATELIER_") || variable
                .getKey().startsWith("OTEL_"))
                .flatMap(variable -> known(process).stream().filter(setting -> setting.key().equals(variable.getKey()))
                        .findFirst().map(setting -> problem(setting, variable.getValue()))
                        .orElseGet(() -> Stream.of("the " + process + " has no setting " + variable.getKey())))
                .toList();
    }

    private static Stream<String> problem(Setting<?> setting, String value) {
        try {
            return setting.parser().parse(value) instanceof Secret
                    ? Stream.of(setting.key() + " is a secret and stands there for all to read")
                    : Stream.empty();
        } catch (IllegalArgumentException e) {
            return Stream.of(setting.key() + "=" + value + " " + e.getMessage());
        }
    }
}
