package org.atelier.dispatcher.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.common.json.Json;
import org.atelier.common.request.SubmissionReader;

/**
 * The OpenAPI document: what is checked in, with the schema of submissions that is in force. That one is derived from the
 * records and kept once, in {@code common}.
 */
final class OpenApi {
    private static final String SUBMISSION = "JobSubmission";
    private static final String SUBMISSION_SCHEMA = "/org/atelier/common/schema/job-submission.schema.json";

    private OpenApi() {}

    /** The document as it is served. */
    static JsonNode document() {
        var document = read(OpenApi.class, "openapi.json");
        var schemas = (ObjectNode) document.at("/components/schemas");
        var submission = (ObjectNode) read(SubmissionReader.class, SUBMISSION_SCHEMA);
        submission.remove("$schema");
        var definitions = submission.remove("$defs");
        schemas.set(SUBMISSION, moved(submission));
        definitions.properties().forEach(entry -> schemas.set(SUBMISSION + "." + entry.getKey(), moved(entry
                .getValue())));
        return document;
    }

    /** Definitions are components here. */
    private static JsonNode moved(JsonNode schema) {
        var text = Json.text(schema).replace("\"#/$defs/", "\"#/components/schemas/" + SUBMISSION + ".");
        return Json.read(text.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    }

    private static JsonNode read(Class<?> owner, String resource) {
        try (var in = owner.getResourceAsStream(resource)) {
            return Json.mapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(resource + " is part of this program", e);
        }
    }
}
