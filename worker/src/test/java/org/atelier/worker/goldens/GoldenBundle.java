package org.atelier.worker.goldens;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

import ai.djl.ndarray.NDArray;
import org.atelier.common.json.Json;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.nn.Weights;

/** The networks of a golden in a bundle folder, as the product's jobs open them. */
final class GoldenBundle implements AutoCloseable {
    private static final String GENERATOR = "generator.safetensors";
    private static final String CLIP = "clip.safetensors";
    private static final String IDENTITY = "identity.safetensors";

    private final Path folder;

    /** Writes CLIP and identity network of the golden, and a generator, into a new folder. */
    GoldenBundle(Golden golden, Weights generator) throws IOException {
        this.folder = Files.createTempDirectory("golden-bundle");
        writeBundle(golden, generator, folder);
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() throws IOException {
        delete(folder);
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static void writeBundle(Golden golden, Weights generator, Path folder) throws IOException {
        var clip = golden.weights(golden.config().path("clip").asText());
        var identity = golden.weightTables().stream()
                .map(golden::weights)
                .filter(weights -> weights.names().contains("input_layer.0.weight"))
                .findFirst()
                .orElseThrow();
        write(folder.resolve(GENERATOR), generator);
        write(folder.resolve(CLIP), clip);
        write(folder.resolve(IDENTITY), identity);
        Files.write(folder.resolve("bundle.json"), Json.bytes(Map.of(
                "name", "golden",
                "version", "1",
                "generator", BundleCards.generator(GENERATOR, generator),
                "clip", BundleCards.clip(CLIP, clip),
                "identity", BundleCards.identity(IDENTITY, identity))));
    }

    private static void write(Path file, Weights weights) throws IOException {
        try (var manager = TestEngine.get().newManager(); var out = Files.newOutputStream(file)) {
            var tensors = new TreeMap<String, NDArray>();
            weights.names().forEach(name -> tensors.put(name, weights.read(name, manager)));
            SafetensorsWriter.write(out, tensors, Map.of());
        }
    }
}
