package org.atelier.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.atelier.dispatcher.http.ApiFixture.json;

import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;

import org.atelier.dispatcher.access.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The document and the routes say the same; {@link Contract} holds the answers of all tests of the API against it. */
class OpenApiTest {
    @Test
    void everyRouteIsInTheDocumentWithItsRoleAndNothingElse(@TempDir Path folder) {
        try (var api = new ApiFixture(folder)) {
            var document = json(api.get("/openapi.json"));
            var routes = api.routes().stream().collect(Collectors.toMap(route -> route.method().name().toLowerCase(
                    Locale.ROOT) + " " + route.path(), route -> route.role().map(Role::word).orElse("")));
            var operations = document.get("paths").properties().stream()
                    .flatMap(path -> path.getValue().properties().stream().map(operation -> operation.getKey() + " "
                            + path.getKey()))
                    .toList();

            assertThat(operations).containsExactlyInAnyOrderElementsOf(routes.keySet());
            document.get("paths").properties().forEach(path -> path.getValue().properties().forEach(
                    operation -> assertThat(operation.getValue().path("x-role").asText()).as("%s %s", operation
                            .getKey(), path.getKey()).isEqualTo(routes.get(operation.getKey() + " " + path
                                    .getKey()))));
        }
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        var document = OpenApi.document();

        assertThat(document.findValuesAsText("$ref")).isNotEmpty().allSatisfy(reference -> assertThat(document.at(
                reference.substring(1)).isMissingNode()).as(reference).isFalse());
    }
}
