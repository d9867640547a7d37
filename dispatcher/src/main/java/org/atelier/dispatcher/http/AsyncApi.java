package org.atelier.dispatcher.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.common.event.MessageType;

/**
 * The AsyncAPI document: topics and operations as checked in, with the CloudEvent type and the schema of each kind of event.
 */
public final class AsyncApi {
    private static final String SCHEMAS = "#/components/schemas/";
    private static final String SUBMISSION = "JobSubmission";

    private AsyncApi() {}

    /** The document as it is served. */
    public static JsonNode document() {
        var document = EmbeddedSchemas.read(AsyncApi.class, "asyncapi.json");
        var schemas = new EmbeddedSchemas(document).submission(SUBMISSION);
        for (var type : MessageType.values()) {
            var message = (ObjectNode) document.at("/components/messages").path(type.shortName());
            var headers = message.putObject("headers").putArray("allOf");
            headers.addObject().put("$ref", SCHEMAS + "CloudEventHeaders");
            headers.addObject().putObject("properties").putObject("ce_type").put("const", type.wireName());
            if (type == MessageType.JOB_REQUESTED) {
                message.putObject("payload").put("$ref", SCHEMAS + SUBMISSION);
            } else {
                schemas.event(type.wireName());
                message.putObject("payload").put("$ref", SCHEMAS + type.wireName());
            }
        }
        return document;
    }
}
