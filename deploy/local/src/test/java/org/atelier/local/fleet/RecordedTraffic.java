package org.atelier.local.fleet;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.atelier.common.json.Json;

/** Holds records of real topics against an AsyncAPI document: topic, headers, data. */
final class RecordedTraffic {
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12);
    private static final Pattern PARAMETER = Pattern.compile("\\{[a-z]+}");

    private final JsonNode document;
    private final Map<String, Schema> schemas = new HashMap<>();

    RecordedTraffic(JsonNode document) {
        this.document = document;
    }

    /** What is wrong with a record, by the document; empty if nothing is. */
    List<String> violations(ConsumerRecord<String, byte[]> record) {
        var channel = document.path("channels").valueStream()
                .filter(candidate -> record.topic().matches(PARAMETER.matcher(candidate.path("address").asText())
                        .replaceAll("[a-z0-9-]+")))
                .findFirst();
        if (channel.isEmpty()) {
            return List.of("no channel is named " + record.topic());
        }
        var headers = headers(record);
        var type = headers.path("ce_type").asText();
        var message = document.at("/components/messages").properties()
                .stream()
                .filter(candidate -> type.startsWith("org.atelier." + candidate.getKey() + ".v"))
                .findFirst();
        if (message.isEmpty() || !channel.get().path("messages").has(message.get().getKey())) {
            return List.of("no " + type + " belongs into " + record.topic());
        }
        var found = new ArrayList<String>();
        schema(message.get().getValue().path("headers")).validate(headers).forEach(error -> found.add(type + ": header "
                + error));
        schema(message.get().getValue().path("payload")).validate(Json.read(record.value(), JsonNode.class)).forEach(
                error -> found.add(type + ": data " + error));
        return found;
    }

    private static ObjectNode headers(ConsumerRecord<String, byte[]> record) {
        var headers = Json.mapper().createObjectNode();
        for (Header header : record.headers()) {
            headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
        }
        return headers;
    }

    private Schema schema(JsonNode schema) {
        return schemas.computeIfAbsent(schema.toString(), key -> {
            var whole = (ObjectNode) schema.deepCopy();
            whole.set("components", document.get("components"));
            return REGISTRY.getSchema(whole);
        });
    }
}
