package org.atelier.worker.goldens;

import java.util.LinkedHashMap;
import java.util.Map;

import org.atelier.worker.nn.Weights;
import org.atelier.worker.nn.clip.ClipConfig.Vision;
import org.atelier.worker.nn.face.IrSeConfig;

/** Entries of a {@code bundle.json} for generated weights, with every size read from the shapes. */
final class BundleCards {
    private static final String NO_DIGEST = "0".repeat(64);

    private BundleCards() {}

    private static Map<String, Object> card(String architecture, String file, Map<String, Object> config) {
        return Map.of("architecture", architecture, "file", file, "sha256", NO_DIGEST, "config", config);
    }

    static Map<String, Object> generator(String file, Weights weights) {
        var channels = new LinkedHashMap<String, Object>();
        int resolution = 0;
        for (int size = 4; weights.names().contains("synthesis.b" + size + ".conv1.weight"); size *= 2) {
            channels.put(Integer.toString(size), size(weights, "synthesis.b" + size + ".conv1.weight", 0));
            resolution = size;
        }
        int layers = 0;
        while (weights.names().contains("mapping.fc" + layers + ".weight")) {
            layers++;
        }
        return card("stylegan2", file, Map.of(
                "z_dim", size(weights, "mapping.fc0.weight", 1),
                "w_dim", size(weights, "mapping.w_avg", 0),
                "img_resolution", resolution,
                "mapping_layers", layers,
                "mapping_layer_features", size(weights, "mapping.fc0.weight", 0),
                "channels", channels));
    }

    static Map<String, Object> clip(String file, Weights weights) {
        var config = ClipConfigs.infer(weights);
        var fields = new LinkedHashMap<String, Object>();
        fields.put("embed_dim", config.embedding());
        fields.put("image_resolution", config.resolution());
        switch (config.vision()) {
            case Vision.Transformer vision -> {
                fields.put("vision_layers", vision.layers());
                fields.put("vision_patch_size", vision.patch());
            }
            case Vision.ResNet vision -> fields.put("vision_layers", vision.blocks());
        }
        fields.put("vision_width", config.vision().width());
        fields.put("context_length", config.context());
        fields.put("vocab_size", config.vocabulary());
        fields.put("transformer_width", config.textWidth());
        fields.put("transformer_heads", config.textHeads());
        fields.put("transformer_layers", config.textLayers());
        return card(config.vision() instanceof Vision.ResNet ? "clip-resnet" : "clip-vit", file, fields);
    }

    static Map<String, Object> identity(String file, Weights weights) {
        var config = IrSeConfig.infer(weights);
        return card("ir-se", file, Map.of(
                "input", config.input(),
                "stages", config.stages().stream()
                        .map(stage -> new int[]{stage.inputs(), stage.outputs(), stage.units()})
                        .toList(),
                "embedding", config.embedding()));
    }

    private static int size(Weights weights, String name, int axis) {
        return Math.toIntExact(weights.shape(name).get(axis));
    }
}
