package org.atelier.worker.goldens;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import org.atelier.worker.nn.Weights;
import org.atelier.worker.nn.clip.ClipConfig;
import org.atelier.worker.nn.clip.ClipConfig.Vision;

/** Sizes of a CLIP from the shapes of its weights, for goldens that name a weight table and no configuration. */
final class ClipConfigs {
    private static final int HEAD = 64;

    private ClipConfigs() {}

    static ClipConfig infer(Weights weights) {
        int textWidth = size(weights, "ln_final.weight", 0);
        return new ClipConfig(
                size(weights, "text_projection", 1),
                weights.names().contains("visual.proj") ? transformerResolution(weights) : resNetResolution(weights),
                weights.names().contains("visual.proj") ? transformer(weights) : resNet(weights),
                size(weights, "positional_embedding", 0),
                size(weights, "token_embedding.weight", 0),
                textWidth,
                textWidth / HEAD,
                count(weights.names(), "transformer.resblocks.%d.ln_1.weight", 0));
    }

    private static Vision transformer(Weights weights) {
        return new Vision.Transformer(size(weights, "visual.conv1.weight", 0), count(weights.names(),
                "visual.transformer.resblocks.%d.ln_1.weight", 0), size(weights, "visual.conv1.weight", 2));
    }

    private static int transformerResolution(Weights weights) {
        return grid(weights, "visual.positional_embedding") * size(weights, "visual.conv1.weight", 2);
    }

    private static Vision resNet(Weights weights) {
        var blocks = IntStream.rangeClosed(1, 4)
                .mapToObj(stage -> count(weights.names(), "visual.layer" + stage + ".%d.conv1.weight", 0))
                .toList();
        return new Vision.ResNet(size(weights, "visual.conv3.weight", 0), List.copyOf(blocks));
    }

    private static int resNetResolution(Weights weights) {
        return 32 * grid(weights, "visual.attnpool.positional_embedding");
    }

    private static int grid(Weights weights, String embedding) {
        return (int) Math.round(Math.sqrt(size(weights, embedding, 0) - 1));
    }

    private static int size(Weights weights, String name, int axis) {
        return Math.toIntExact(weights.shape(name).get(axis));
    }

    private static int count(Set<String> names, String pattern, int from) {
        return names.contains(pattern.formatted(from)) ? count(names, pattern, from + 1) : from;
    }
}
