package org.atelier.worker.nn.stylegan2;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.atelier.common.bundle.NetworkCard;
import org.atelier.worker.nn.MappingNetwork;

/**
 * The hyper-parameters of a StyleGAN2 generator.
 *
 * @param mapping        of the mapping network
 * @param resolution     width and height of a picture, a power of two
 * @param channels       feature maps by resolution
 * @param resampleFilter taps of the filter after upsampling
 * @param convClamp      largest magnitude of an activation; infinite: none
 */
public record StyleGan2Config(
        MappingNetwork.Form mapping,
        int resolution,
        Map<Integer, Integer> channels,
        List<Double> resampleFilter,
        double convClamp) {
    /** Resolution of the learned constant that synthesis starts from. */
    static final int FIRST_RESOLUTION = 4;
    /** Slope of every leaky ReLU. */
    static final double SLOPE = 0.2;
    /** Taps of the resampling filter of every published StyleGAN2. */
    public static final List<Double> RESAMPLE_FILTER = List.of(1.0, 3.0, 3.0, 1.0);

    public StyleGan2Config {
        channels = Map.copyOf(channels);
        resampleFilter = List.copyOf(resampleFilter);
        if (resolution < FIRST_RESOLUTION || Integer.bitCount(resolution) != 1) {
            throw new IllegalArgumentException("the resolution must be a power of two from 4 on: " + resolution);
        }
        if (!channels.keySet().containsAll(resolutions(resolution))) {
            throw new IllegalArgumentException("channels are wanted for the resolutions " + resolutions(resolution)
                    + ", given for " + channels.keySet());
        }
        if (resampleFilter.size() != RESAMPLE_FILTER.size()) {
            throw new IllegalArgumentException("the resampling filter must have four taps: " + resampleFilter);
        }
    }

    /** The usual rule for feature maps: {@code min(base / resolution, max)}. */
    public static Map<Integer, Integer> channels(int base, int max, int resolution) {
        var channels = new TreeMap<Integer, Integer>();
        resolutions(resolution).forEach(size -> channels.put(size, Math.min(base / size, max)));
        return channels;
    }

    private static List<Integer> resolutions(int last) {
        return Stream.iterate(FIRST_RESOLUTION, size -> size <= last, size -> 2 * size).toList();
    }

    /** Size of w. */
    public int wSize() {
        return mapping.wSize();
    }

    /** Resolutions of the blocks, 4 first. */
    List<Integer> resolutions() {
        return resolutions(resolution);
    }

    /** Rows of w+: one a convolution, and one for the last picture layer. */
    public int rows() {
        return 2 * resolutions().size();
    }

    /**
     * Reads the configuration of a bundle's network.
     *
     * @throws IllegalArgumentException if it is not one that can be built
     */
    public static StyleGan2Config of(NetworkCard card) {
        var config = card.config();
        require(config.path("img_channels").asInt(3) == 3, "only generators of three colours are supported");
        require(config.path("architecture").asText("skip").equals("skip"), "only the skip architecture is supported");
        var channels = new TreeMap<Integer, Integer>();
        config.path("channels").properties().forEach(entry -> channels.put(Integer.valueOf(entry.getKey()), entry
                .getValue().asInt()));
        var filter = config.path("resample_filter");
        return new StyleGan2Config(
                new MappingNetwork.Form(
                        card.intConfig("z_dim"),
                        config.path("c_dim").asInt(0),
                        card.intConfig("w_dim"),
                        card.intConfig("mapping_layers"),
                        card.intConfig("mapping_layer_features"),
                        config.path("mapping_lr_multiplier").asDouble(MappingNetwork.Form.LEARNING_FACTOR)),
                card.intConfig("img_resolution"),
                channels,
                filter.isArray() ? filter.valueStream().map(tap -> tap.asDouble()).toList() : RESAMPLE_FILTER,
                config.path("conv_clamp").asDouble(Double.POSITIVE_INFINITY));
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
