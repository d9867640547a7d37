package org.atelier.worker.goldens;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.common.json.Json;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.face.MtcnnWeights;
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

    /** A StyleGAN3-R with 16 rows, an encoder into w and a perceptual network: all that inversions need. */
    public static BundleNetworks photos(Path folder) throws IOException {
        return photos("photos3", "vgg16", folder);
    }

    /** The same with the other perceptual network. */
    public static BundleNetworks photosByAlexNet(Path folder) throws IOException {
        return photos("photos3-alexnet", "alexnet", folder);
    }

    private static BundleNetworks photos(String name, String backbone, Path folder) throws IOException {
        write("sg3r_r32.json", folder.resolve(GENERATOR));
        write("lpips_" + backbone + ".json", folder.resolve("perceptual.safetensors"));
        write(oneUnitEncoder(), folder.resolve("encoder.safetensors"));
        return openAll(name, Map.of(
                "generator", card("stylegan3", GENERATOR, Map.of("num_ws", 16, "conv_kernel", 1,
                        "use_radial_filters", true)),
                "perceptual", card(backbone + "-lpips", "perceptual.safetensors", Map.of()),
                "encoder", card("psp-w", "encoder.safetensors", Map.of("input", 32, "start_from_latent_avg", false))),
                folder);
    }

    /** The same, and it finds faces: those of avatar-128. */
    public static BundleNetworks photosWithFaces(Path folder) throws IOException {
        photos(folder).close();
        var weights = MtcnnWeights.initial(0).with(MtcnnWeights.TRAINED);
        write(weights, folder.resolve("landmarks.safetensors"));
        var card = (ObjectNode) Golden.json(folder.resolve("bundle.json"));
        card.set("landmarks", Json.tree(card("mtcnn", "landmarks.safetensors", Map.of())));
        Files.write(folder.resolve("bundle.json"), Json.bytes(card));
        return BundleNetworks.open(folder, TestEngine.get());
    }

    private static Map<String, Object> card(String architecture, String file, Map<String, Object> config) {
        return Map.of("architecture", architecture, "file", file, "sha256", "0".repeat(64), "config", config);
    }

    /** The published encoder into w without all units but the first, and for a w of 32. */
    private static JsonNode oneUnitEncoder() {
        var table = (ObjectNode) Golden.json(WEIGHTS.resolve("w_encoder_32.json"));
        var tensors = table.arrayNode();
        table.path("tensors").forEach(tensor -> {
            var key = tensor.path("key").asText();
            if (key.startsWith("encoder.input_layer.") || key.startsWith("encoder.body.0.")) {
                tensors.add(tensor);
            }
        });
        tensors.addObject().put("key", "encoder.linear.weight").put("scale", 2.0).putArray("shape").add(32).add(64);
        tensors.addObject().put("key", "encoder.linear.bias").put("scale", 0.1).putArray("shape").add(32);
        return table.set("tensors", tensors);
    }

    private static BundleNetworks open(String name, Map<String, Object> generator, Path folder) throws IOException {
        return openAll(name, Map.of("generator", generator), folder);
    }

    private static BundleNetworks openAll(String name, Map<String, Object> parts, Path folder) throws IOException {
        var clip = write("clip_vit_tiny32.json", folder.resolve(CLIP));
        var card = new TreeMap<>(parts);
        card.put("name", name);
        card.put("version", "1");
        card.put("clip", BundleCards.clip(CLIP, clip));
        Files.write(folder.resolve("bundle.json"), Json.bytes(card));
        return BundleNetworks.open(folder, TestEngine.get());
    }

    /**
     * Writes generated weights.
     *
     * @param table that describes them, in the goldens' folder of weights
     */
    public static Weights write(String table, Path file) throws IOException {
        return write(Golden.json(WEIGHTS.resolve(table)), file);
    }

    private static Weights write(JsonNode table, Path file) throws IOException {
        return write(GeneratedWeights.of(table), file);
    }

    private static Weights write(Weights weights, Path file) throws IOException {
        try (var manager = TestEngine.get().newManager(); var out = Files.newOutputStream(file)) {
            var tensors = new TreeMap<String, NDArray>();
            weights.names().forEach(name -> tensors.put(name, weights.read(name, manager)));
            SafetensorsWriter.write(out, tensors, Map.of());
        }
        return weights;
    }
}
