package org.atelier.dispatcher.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.common.json.Json;

/**
 * A Presets document as the dispatcher sent it: values and prompts that work on a bundle, by job type. What a bundle's card
 * says of a type is free; {@code defaults}, {@code note} and {@code prompts} are usual.
 *
 * @param tree the document
 */
record PresetsDocument(JsonNode tree) {
    private static final String DEFAULTS = "defaults";
    private static final String PRESETS = "presets";

    /** That of a BundleCard document. */
    static PresetsDocument ofCard(JsonNode card) {
        var tree = Json.mapper().createObjectNode();
        tree.put("bundle", card.path("name").asText() + "@" + card.path("version").asText());
        tree.set(PRESETS, card.path(PRESETS));
        return new PresetsDocument(tree);
    }

    /** The same bundle with nothing but what it has for one type. */
    PresetsDocument only(String type) {
        ObjectNode one = tree.deepCopy();
        one.putObject(PRESETS).set(type, preset(type));
        return new PresetsDocument(one);
    }

    /** Name and version. */
    String bundle() {
        return tree.path("bundle").asText("");
    }

    /** The job types for which there is something. */
    List<String> types() {
        var types = new ArrayList<String>();
        tree.path(PRESETS).fieldNames().forEachRemaining(types::add);
        return types;
    }

    boolean has(String type) {
        return preset(type).isObject();
    }

    /** Fields of a request of a type with values that work. */
    JsonNode defaults(String type) {
        return preset(type).path(DEFAULTS);
    }

    /** The same as {@code --set} takes them, in their order: names with dots between the levels. */
    Map<String, String> settings(String type) {
        var settings = new LinkedHashMap<String, String>();
        flatten("", defaults(type), settings);
        return settings;
    }

    /** What else is said of a type: a note, prompts that work. */
    Map<String, JsonNode> remarks(String type) {
        var remarks = new LinkedHashMap<String, JsonNode>();
        preset(type).properties().stream().filter(field -> !field.getKey().equals(DEFAULTS)).forEach(field -> remarks
                .put(field.getKey(), field.getValue()));
        return remarks;
    }

    /** What there is, for who asked for something else. */
    String lacks(String type) {
        return bundle() + " has no presets for " + type + (types().isEmpty()
                ? ", nor for anything else"
                : "; it has some for " + String.join(", ", types()));
    }

    private JsonNode preset(String type) {
        return tree.path(PRESETS).path(type);
    }

    private static void flatten(String prefix, JsonNode fields, Map<String, String> settings) {
        fields.properties().forEach(field -> {
            var name = prefix + field.getKey();
            if (field.getValue().isObject() && !field.getValue().isEmpty()) {
                flatten(name + ".", field.getValue(), settings);
            } else {
                settings.put(name, text(field.getValue()));
            }
        });
    }

    /** Text as it is, everything else as JSON. */
    static String text(JsonNode value) {
        return value.isTextual() ? value.asText() : value.toString();
    }
}
