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

/** A bundle of a small StyleGAN3 and a small CLIP with generated weights: for what must run on any generator. */
public final class StyleGan3Bundle {
    private static final Path TABLES = Path.of("src/test/goldens/weights");
    private static final String GENERATOR = "sg3t_e2e32";
    private static final String CLIP = "clip_vit_tiny32";

    private StyleGan3Bundle() {}

    /** Writes it into a folder. */
    public static void write(Path folder) throws IOException {
        var clip = GeneratedWeights.of(Golden.json(TABLES.resolve(CLIP + ".json")));
        write(folder, GENERATOR, GeneratedWeights.of(Golden.json(TABLES.resolve(GENERATOR + ".json"))));
        write(folder, CLIP, clip);
        Files.write(folder.resolve("bundle.json"), Json.bytes(Map.of("name", "small-stylegan3", "version", "1",
                "generator", Map.of("architecture", "stylegan3", "file", GENERATOR + ".safetensors", "sha256", "0"
                        .repeat(64), "config", Map.of("num_ws", 16)),
                "clip", BundleCards.clip(CLIP + ".safetensors", clip))));
    }

    private static void write(Path folder, String name, GeneratedWeights weights) throws IOException {
        try (var manager = TestEngine.get().newManager();
                var out = Files.newOutputStream(folder.resolve(name + ".safetensors"))) {
            var tensors = new TreeMap<String, NDArray>();
            weights.names().forEach(tensor -> tensors.put(tensor, weights.read(tensor, manager)));
            SafetensorsWriter.write(out, tensors, Map.of());
        }
    }
}
