package org.atelier.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import org.atelier.dispatcher.support.Intakes;

/** Holds every answer of a test's API against the OpenAPI document: its status, its media type, its body. */
final class Contract {
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12);

    private final JsonNode document = OpenApi.document();
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

    /** The operation that serves a request; empty where the document knows none. */
    Optional<JsonNode> operation(String method, String path) {
        return document.get("paths").properties().stream()
                .filter(entry -> path.matches(entry.getKey().replaceAll("\\{[a-z]+}", "[^/]+")))
                .map(entry -> entry.getValue().path(method.toLowerCase(Locale.ROOT)))
                .filter(operation -> !operation.isMissingNode())
                .findFirst();
    }

    void check(HttpResponse<String> response) {
        var method = response.request().method();
        var path = response.request().uri().getRawPath();
        var operation = operation(method, path);
        if (operation.isEmpty()) {
            assertThat(response.statusCode()).as("%s %s is not in the document", method, path).isIn(400, 404, 405);
            return;
        }
        var what = method + " " + path + " answered " + response.statusCode();
        var documented = operation.get().path("responses").path(String.valueOf(response.statusCode()));
        assertThat(documented.isMissingNode()).as("%s, which is not in the document: %s", what, response.body())
                .isFalse();
        if (response.body().isEmpty() || !documented.has("content")) {
            return;
        }
        var type = response.headers().firstValue("Content-Type").orElse("").split(";", 2)[0];
        var content = documented.get("content").path(type);
        assertThat(content.isMissingNode()).as("%s with %s, which is not in the document", what, type).isFalse();
        if (type.endsWith("json")) {
            var schema = schema(content.get("schema"));
            assertThat(schema.validate(Intakes.json(response.body()))).as("%s: %s", what, response.body()).isEmpty();
        }
    }

    /** The schema with the components that it refers to. */
    private Schema schema(JsonNode schema) {
        return schemas.computeIfAbsent(schema.toString(), key -> {
            var whole = (ObjectNode) schema.deepCopy();
            whole.set("components", document.get("components"));
            return REGISTRY.getSchema(whole);
        });
    }
}
