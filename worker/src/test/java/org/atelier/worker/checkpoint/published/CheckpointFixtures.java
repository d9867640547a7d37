package org.atelier.worker.checkpoint.published;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.atelier.common.artifact.Digest;

/**
 * Fixtures of any folder of the layout of {@code goldens/README.md}, which {@code -Datelier.goldens=DIR} names. Tests do not
 * know the names of the files.
 */
final class CheckpointFixtures {
    private static final Path ROOT = Path.of(System.getProperty("atelier.goldens", "src/test/goldens"));
    private static final String EXPECTED = ".expected.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private CheckpointFixtures() {}

    /**
     * A file and what is in it.
     *
     * @param file     the checkpoint
     * @param expected its description
     */
    record Checkpoint(Path file, JsonNode expected) {
        @Override
        public String toString() {
            return file.getFileName() + " (" + expected.path("container").asText() + ")";
        }
    }

    /**
     * A hostile file.
     *
     * @param file     what must be refused
     * @param expected what is expected of it
     * @param marker   name of the file that its payload would create
     */
    record Hostile(Path file, JsonNode expected, String marker) {
        @Override
        public String toString() {
            return file.getFileName() + " (" + expected.path("kind").asText() + ")";
        }
    }

    static List<Checkpoint> checkpoints() throws IOException {
        var found = new ArrayList<Checkpoint>();
        try (var files = Files.list(ROOT.resolve("checkpoints"))) {
            for (var expected : files.filter(file -> file.toString().endsWith(EXPECTED)).sorted().toList()) {
                var name = expected.getFileName().toString();
                found.add(new Checkpoint(expected.resolveSibling(name.substring(0, name.length() - EXPECTED.length())),
                        JSON.readTree(expected.toFile())));
            }
        }
        return found;
    }

    static List<Hostile> hostile() throws IOException {
        var expected = JSON.readTree(ROOT.resolve("hostile/expected.json").toFile());
        var marker = expected.path("marker_file_that_must_not_appear").asText();
        var found = new ArrayList<Hostile>();
        for (var expectedCase : expected.path("cases")) {
            var file = ROOT.resolve("hostile").resolve(expectedCase.path("file").asText());
            found.add(new Hostile(file, expectedCase, marker));
        }
        return found;
    }

    /** SHA-256 of float32 little-endian bytes. */
    static String sha256(float... values) {
        var bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return Digest.of(bytes.array()).hex();
    }
}
