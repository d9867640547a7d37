package org.atelier.common.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.event.MessageType;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.json.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The schemas that are checked in are those of the records. After a change of a record, write them anew with
 * {@code mvn -pl common test -Dtest=SchemasTest -Datelier.schemas=write} and read the difference: callers have the old ones.
 */
class SchemasTest {
    private static final Path FOLDER = Path.of("src/main/resources/org/atelier/common/schema");

    record Schema(String file, JsonNode content) {
        @Override
        public String toString() {
            return file;
        }
    }

    static Stream<Schema> schemas() {
        var submission = new Schema("job-submission.schema.json", Schemas.closed(JobSubmission.class));
        return Stream.concat(Stream.of(submission), Arrays.stream(MessageType.values())
                .filter(type -> type != MessageType.JOB_REQUESTED) // its data is a submission
                .map(type -> new Schema(type.wireName() + ".schema.json", Schemas.open(type.messageClass()))));
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void isTheOneThatIsCheckedIn(Schema schema) throws IOException {
        var file = FOLDER.resolve(schema.file());
        if ("write".equals(System.getProperty("atelier.schemas"))) {
            Files.createDirectories(FOLDER);
            Files.writeString(file, Json.pretty(schema.content()));
        }
        assertThat(file).content().isEqualTo(Json.pretty(schema.content()));
    }
}
