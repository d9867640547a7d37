package org.atelier.worker.nn.stylegan1;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.worker.nn.MappingNetwork;
import org.atelier.worker.nn.Weights;

/**
 * The hyper-parameters of a StyleGAN generator.
 *
 * @param mapping   of the mapping network
 * @param channels  feature maps after each layer; there are two layers a resolution, from 4x4 on
 * @param fusedFrom resolution from which on upsampling and convolution are one transposed convolution
 */
public record StyleGan1Config(MappingNetwork.Form mapping, List<Integer> channels, int fusedFrom) {
    /** Width and height of the learned constant that synthesis starts from. */
    static final int FIRST_RESOLUTION = 4;
    /** Where the published {@code fused_scale="auto"} begins. */
    private static final int FUSED_FROM = 128;

    private static final Pattern LAYER = Pattern.compile("synthesis\\.layer\\d+\\.bias");
    private static final Pattern MAPPING_LAYER = Pattern.compile("mapping\\.dense\\d+\\.weight");
    private static final String FIRST_MAPPING_LAYER = "mapping.dense0.weight";

    public StyleGan1Config {
        channels = List.copyOf(channels);
        if (channels.size() < 2 || channels.size() % 2 != 0) {
            throw new IllegalArgumentException("a StyleGAN has two layers a resolution, this one has " + channels
                    .size());
        }
    }

    /**
     * Finds the hyper-parameters of stored weights: sizes and channels from names and shapes, the rest from the stored
     * configuration.
     *
     * @param config  {@code fused_scale} ({@code "auto"}, true or false; default auto: from 128 px on) and
     *                {@code mapping_lr_multiplier} (default 0.01)
     * @param weights in the names of the published PyTorch form
     * @throws IllegalArgumentException if these are not the weights of a StyleGAN
     */
    public static StyleGan1Config of(JsonNode config, Weights weights) {
        var names = weights.names();
        int layers = (int) names.stream().filter(LAYER.asMatchPredicate()).count();
        int mappingLayers = (int) names.stream().filter(MAPPING_LAYER.asMatchPredicate()).count();
        var lastMappingLayer = "mapping.dense" + (mappingLayers - 1) + ".weight";
        if (!names.contains(FIRST_MAPPING_LAYER) || !names.contains(lastMappingLayer) || layers == 0) {
            throw new IllegalArgumentException("the weights are not those of a StyleGAN generator: they have no layers"
                    + " mapping.dense0, mapping.dense1 and so on, or no synthesis.layer0");
        }
        var form = new MappingNetwork.Form(size(weights, FIRST_MAPPING_LAYER, 1), 0, size(weights, lastMappingLayer, 0),
                mappingLayers, size(weights, FIRST_MAPPING_LAYER, 0), config.path("mapping_lr_multiplier").asDouble(
                        MappingNetwork.Form.LEARNING_FACTOR));
        var channels = IntStream.range(0, layers).mapToObj(i -> size(weights, "synthesis.layer" + i + ".bias", 0));
        return new StyleGan1Config(form, channels.toList(), fusedFrom(config.path("fused_scale")));
    }

    private static int size(Weights weights, String name, int axis) {
        return Math.toIntExact(weights.shape(name).get(axis));
    }

    private static int fusedFrom(JsonNode fusedScale) {
        if (fusedScale.isBoolean()) {
            return fusedScale.booleanValue() ? FIRST_RESOLUTION : Integer.MAX_VALUE;
        }
        if (fusedScale.asText("auto").equals("auto")) {
            return FUSED_FROM;
        }
        throw new IllegalArgumentException("fused_scale must be \"auto\", true or false: " + fusedScale);
    }

    /** Rows of w+, one a layer. */
    public int rows() {
        return channels.size();
    }

    /** Width and height of a layer's result, in pixels. */
    int resolution(int layer) {
        return FIRST_RESOLUTION << (layer / 2);
    }
}
