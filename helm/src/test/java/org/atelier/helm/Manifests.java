package org.atelier.helm;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/**
 * What Kubernetes is asked for.
 *
 * @param all every object
 */
record Manifests(List<JsonNode> all) {
    /** A key that is there twice is an error, as it is for Kubernetes. */
    private static final ObjectReader YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build()
            .readerFor(JsonNode.class);

    /** Reads documents of YAML. */
    static Manifests parse(String text) {
        var all = new ArrayList<JsonNode>();
        try (var documents = YAML.<JsonNode>readValues(text)) {
            documents.forEachRemaining(document -> {
                if (document.isObject() && !document.isEmpty()) {
                    all.add(document);
                }
            });
        } catch (java.io.IOException e) {
            throw new IllegalArgumentException("no YAML: " + e.getMessage() + "\n" + text, e);
        }
        return new Manifests(List.copyOf(all));
    }

    /** One document of YAML. */
    static JsonNode document(String text) {
        try {
            return YAML.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no YAML: " + e.getMessage(), e);
        }
    }

    /** The objects of a kind. */
    List<JsonNode> of(String kind) {
        return all.stream().filter(object -> kind(object).equals(kind)).toList();
    }

    /** The one object of a kind with a name. */
    JsonNode one(String kind, String name) {
        var found = of(kind).stream().filter(object -> name(object).equals(name)).toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " " + kind + " " + name + " among " + all.stream().map(
                    object -> kind(object) + " " + name(object)).toList());
        }
        return found.getFirst();
    }

    /** Every text of a name, at any depth. */
    List<String> findTexts(String name) {
        return all.stream().flatMap(object -> object.findValuesAsText(name).stream()).toList();
    }

    /** Templates of pods, wherever they are. */
    Stream<JsonNode> pods() {
        return all.stream().map(Manifests::pod).filter(Objects::nonNull);
    }

    /** The template of the pods of a workload; {@code null} if it is none. */
    static @org.jspecify.annotations.Nullable JsonNode pod(JsonNode object) {
        return switch (kind(object)) {
            case "Deployment", "StatefulSet" -> object.at("/spec/template");
            case "ScaledJob" -> object.at("/spec/jobTargetRef/template");
            default -> null;
        };
    }

    /** Containers of a template of pods. */
    static Stream<JsonNode> containers(JsonNode pod) {
        return elements(pod.at("/spec/containers"));
    }

    static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    static String kind(JsonNode object) {
        return object.path("kind").asText();
    }

    static String name(JsonNode object) {
        return object.at("/metadata/name").asText();
    }
}
