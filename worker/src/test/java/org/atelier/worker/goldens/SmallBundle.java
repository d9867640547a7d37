package org.atelier.worker.goldens;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

import ai.djl.ndarray.NDArray;
import org.atelier.common.json.Json;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.nn.Weights;

/** Bundles of generated weights that are small enough for hundreds of steps: w of 32, pictures of 32 px, and a CLIP. */
public final class SmallBundle {
    private static final Path WEIGHTS = Path.of("src/test/goldens/weights");
    private static final String GENERATOR = "generator.safetensors";
    private static final String CLIP = "clip.safetensors";

    private SmallBundle() {}

    /** A StyleGAN2 with 8 rows. */
    public static BundleNetworks styleGan2(Path folder) throws IOException {
        var generator = write("sg2_r32.json", folder.resolve(GENERATOR));
        return open("small2", BundleCards.generator(GENERATOR, generator), folder);
    }

    /** A StyleGAN3-T with 16 rows. */
    public static BundleNetworks styleGan3(Path folder) throws IOException {
        write("sg3t_r32.json", folder.resolve(GENERATOR));
        return open("small3", Map.of("architecture", "stylegan3", "file", GENERATOR, "sha256", "0".repeat(64), "config",
                Map.of("num_ws", 16)), folder);
    }

    private static BundleNetworks open(String name, Map<String, Object> generator, Path folder) throws IOException {
        var clip = write("clip_vit_tiny32.json", folder.resolve(CLIP));
        Files.write(folder.resolve("bundle.json"), Json.bytes(Map.of("name", name, "version", "1", "generator",
                generator, "clip", BundleCards.clip(CLIP, clip))));
        return BundleNetworks.open(folder, TestEngine.get());
    }

    private static Weights write(String table, Path file) throws IOException {
        var weights = GeneratedWeights.of(Golden.json(WEIGHTS.resolve(table)));
        try (var manager = TestEngine.get().newManager(); var out = Files.newOutputStream(file)) {
            var tensors = new TreeMap<String, NDArray>();
            weights.names().forEach(name -> tensors.put(name, weights.read(name, manager)));
            SafetensorsWriter.write(out, tensors, Map.of());
        }
        return weights;
    }
}
