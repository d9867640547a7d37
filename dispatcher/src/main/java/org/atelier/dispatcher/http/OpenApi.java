package org.atelier.dispatcher.http;

import com.fasterxml.jackson.databind.JsonNode;

/** The OpenAPI document: what is checked in, with the schema of submissions that is in force. */
final class OpenApi {
    private OpenApi() {}

    /** The document as it is served. */
    static JsonNode document() {
        var document = EmbeddedSchemas.read(OpenApi.class, "openapi.json");
        new EmbeddedSchemas(document).submission("JobSubmission");
        return document;
    }
}
