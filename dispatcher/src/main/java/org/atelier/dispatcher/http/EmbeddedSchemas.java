package org.atelier.dispatcher.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.common.json.Json;
import org.atelier.common.request.SubmissionReader;

/**
 * Puts the schemas that {@code common} derives from the records into a document that is served, so that they are kept once and
 * cannot differ.
 */
final class EmbeddedSchemas {
    private static final String FOLDER = "/org/atelier/common/schema/";
    private static final String SUBMISSION = "job-submission";

    private final ObjectNode schemas;

    /** @param document whose {@code components/schemas} get them */
    EmbeddedSchemas(JsonNode document) {
        this.schemas = (ObjectNode) document.at("/components/schemas");
    }

    /** The schema of submissions. */
    EmbeddedSchemas submission(String name) {
        return put(SUBMISSION, name);
    }

    /** The schema of an event's data. */
    EmbeddedSchemas event(String wireName) {
        return put(wireName, wireName);
    }

    private EmbeddedSchemas put(String file, String name) {
        var schema = (ObjectNode) read(SubmissionReader.class, FOLDER + file + ".schema.json");
        schema.remove("$schema");
        var definitions = schema.remove("$defs");
        schemas.set(name, moved(schema, name));
        if (definitions != null) {
            definitions.properties().forEach(entry -> schemas.set(name + "." + entry.getKey(), moved(entry.getValue(),
                    name)));
        }
        return this;
    }

    /** Definitions are components here. */
    private static JsonNode moved(JsonNode schema, String name) {
        var text = Json.text(schema).replace("\"#/$defs/", "\"#/components/schemas/" + name + ".");
        return Json.read(text.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    }

    /** A document that is part of this program. */
    static JsonNode read(Class<?> owner, String resource) {
        try (var in = owner.getResourceAsStream(resource)) {
            return Json.mapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(resource + " is part of this program", e);
        }
    }
}
