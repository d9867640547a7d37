package org.atelier.worker.nn.clip;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The hyper-parameters of a CLIP.
 *
 * @param embedding  numbers that a picture or a text becomes
 * @param resolution width and height of the pictures that it sees
 * @param vision     the image tower
 * @param context    tokens of a text, with start and end
 * @param vocabulary how many tokens there are
 * @param textWidth  of the text transformer
 * @param textHeads  of its attention
 * @param textLayers of it
 */
public record ClipConfig(
        int embedding,
        int resolution,
        Vision vision,
        int context,
        int vocabulary,
        int textWidth,
        int textHeads,
        int textLayers) {
    /** Features of one attention head, in every published CLIP. */
    private static final int HEAD = 64;

    /** The kind of image tower. */
    public sealed interface Vision {
        /** Width of the tower. */
        int width();

        /** Heads of its attention. */
        int heads();

        /**
         * A vision transformer.
         *
         * @param patch width and height of a patch, in pixels
         */
        record Transformer(int width, int layers, int patch) implements Vision {
            @Override
            public int heads() {
                return width / HEAD;
            }
        }

        /**
         * A ResNet with three convolutions in its stem, anti-aliased strides and attention pooling.
         *
         * @param width  feature maps after the stem
         * @param blocks in each of the four stages
         */
        record ResNet(int width, List<Integer> blocks) implements Vision {
            /** Feature maps of the last stage, in widths. */
            static final int LAST = 32;

            @Override
            public int heads() {
                return width * LAST / HEAD;
            }
        }
    }

    /**
     * Reads a configuration in OpenAI's terms.
     *
     * @throws IllegalArgumentException if a number is missing
     */
    public static ClipConfig of(JsonNode config) {
        var layers = config.path("vision_layers");
        int width = number(config, "vision_width");
        return new ClipConfig(
                number(config, "embed_dim"),
                number(config, "image_resolution"),
                layers.isArray()
                        ? new Vision.ResNet(width, layers.valueStream().map(JsonNode::asInt).toList())
                        : new Vision.Transformer(width, number(config, "vision_layers"), number(config,
                                "vision_patch_size")),
                number(config, "context_length"),
                number(config, "vocab_size"),
                number(config, "transformer_width"),
                number(config, "transformer_heads"),
                number(config, "transformer_layers"));
    }

    private static int number(JsonNode config, String name) {
        var value = config.path(name);
        if (!value.isInt()) {
            throw new IllegalArgumentException("the configuration of CLIP has no whole number \"" + name + "\": "
                    + config);
        }
        return value.intValue();
    }
}
