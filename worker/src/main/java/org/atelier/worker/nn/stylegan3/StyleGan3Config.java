package org.atelier.worker.nn.stylegan3;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.worker.nn.MappingNetwork;
import org.atelier.worker.nn.Weights;

/**
 * The hyper-parameters of a StyleGAN3 generator (NVlabs {@code SynthesisNetwork}).
 *
 * @param mapping             of the mapping network
 * @param resolution          width and height of a picture, a power of two
 * @param channels            feature maps after each layer, the last for the colours: {@code layers + 1} numbers
 * @param criticalLayers      how many of the last layers have no margin in their frequency band ({@code num_critical})
 * @param firstCutoff         cutoff of the first layer, in cycles per picture width
 * @param firstStopband       its stop band, likewise
 * @param lastStopbandRatio   stop band of the last layer, relative to its cutoff
 * @param marginSize          pixels around the picture that are computed and not seen
 * @param outputScale         factor of the picture
 * @param kernelSize          of the convolutions: 3 in -T, 1 in -R
 * @param filterSize          taps of a filter for each pixel that it upsamples to or downsamples from
 * @param leakyReluUpsampling how much finer than its feature maps a layer computes its leaky ReLU
 * @param radialFilters       whether downsampling is rotationally symmetric: in -R
 * @param convClamp           largest magnitude of an activation; infinite: none
 */
public record StyleGan3Config(
        MappingNetwork.Form mapping,
        int resolution,
        List<Integer> channels,
        int criticalLayers,
        double firstCutoff,
        double firstStopband,
        double lastStopbandRatio,
        int marginSize,
        double outputScale,
        int kernelSize,
        int filterSize,
        int leakyReluUpsampling,
        boolean radialFilters,
        double convClamp) {
    private static final Pattern LAYER = Pattern.compile("synthesis\\.L(\\d{1,3})_(\\d{1,5})_\\d+\\.weight");
    private static final Pattern MAPPING_LAYER = Pattern.compile("mapping\\.fc\\d+\\.weight");
    private static final String FIRST_MAPPING_LAYER = "mapping.fc0.weight";
    private static final String EMBEDDING = "mapping.embed.weight";
    /** Default of the published code for {@code conv_clamp}. */
    private static final double CONV_CLAMP = 256;

    public StyleGan3Config {
        channels = List.copyOf(channels);
        require(Integer.bitCount(resolution) == 1 && resolution >= 8,
                "the resolution must be a power of two from 8 on: " + resolution);
        require(criticalLayers > 0 && channels.size() > criticalLayers + 1,
                "there must be more layers than critical ones (" + criticalLayers + "): " + channels.size());
        require(channels.getLast() == 3, "only generators of three colours are supported");
        require(kernelSize % 2 == 1, "the convolution's kernel must have an odd size: " + kernelSize);
        require(filterSize > 0 && leakyReluUpsampling > 0 && Integer.bitCount(leakyReluUpsampling) == 1,
                "filter_size must be positive and lrelu_upsampling a power of two");
    }

    /**
     * Finds the hyper-parameters of stored weights. Sizes and channels come from the tensors' names and shapes; what
     * shapes do not tell comes from the stored configuration, or has the default of the published code. A wrong
     * configuration does not pass: the filters that follow from it are held against the stored ones when the generator
     * is built.
     *
     * @param config  the arguments that the generator was built with, in their published names ({@code conv_clamp},
     *                {@code num_critical}, {@code first_cutoff}, {@code first_stopband}, {@code last_stopband_rel},
     *                {@code margin_size}, {@code output_scale}, {@code filter_size}, {@code lrelu_upsampling},
     *                {@code use_radial_filters}; {@code mapping_lr_multiplier}); each may be absent
     * @param weights in NVlabs names
     * @throws IllegalArgumentException if these are not the weights of a StyleGAN3
     */
    public static StyleGan3Config of(JsonNode config, Weights weights) {
        var layers = layers(weights);
        require(layers.size() > 2 && weights.names().contains(FIRST_MAPPING_LAYER) && weights.names().contains(
                "mapping.w_avg"), "the weights are not those of a StyleGAN3 generator: they have no layers"
                        + " synthesis.L0_* and so on, or no mapping.fc0 and mapping.w_avg");
        var first = weights.shape(layers.getFirst());
        require(first.dimension() == 4, layers.getFirst() + " is not the kernel of a convolution: " + first);
        int kernelSize = Math.toIntExact(first.get(3));
        return new StyleGan3Config(
                mapping(config, weights),
                Integer.parseInt(matched(layers.getLast(), 2)),
                layers.stream().map(name -> Math.toIntExact(weights.shape(name).get(0))).toList(),
                config.path("num_critical").asInt(2),
                config.path("first_cutoff").asDouble(2),
                config.path("first_stopband").asDouble(Math.pow(2, 2.1)),
                config.path("last_stopband_rel").asDouble(Math.pow(2, 0.3)),
                config.path("margin_size").asInt(10),
                config.path("output_scale").asDouble(0.25),
                kernelSize,
                config.path("filter_size").asInt(6),
                config.path("lrelu_upsampling").asInt(2),
                storedRadial(weights, layers.getFirst()).orElseGet(() -> config.path("use_radial_filters").asBoolean(
                        kernelSize == 1)),
                clamp(config));
    }

    private static MappingNetwork.Form mapping(JsonNode config, Weights weights) {
        int wSize = size(weights, "mapping.w_avg", 0);
        int labelSize = weights.names().contains(EMBEDDING) ? size(weights, EMBEDDING, 1) : 0;
        int inputs = size(weights, FIRST_MAPPING_LAYER, 1);
        int layers = (int) weights.names().stream().filter(MAPPING_LAYER.asMatchPredicate()).count();
        return new MappingNetwork.Form(inputs - (labelSize > 0 ? wSize : 0), labelSize, wSize, layers, size(weights,
                FIRST_MAPPING_LAYER, 0), config.path("mapping_lr_multiplier").asDouble(
                        MappingNetwork.Form.LEARNING_FACTOR));
    }

    private static int size(Weights weights, String name, int axis) {
        return Math.toIntExact(weights.shape(name).get(axis));
    }

    /** Names of the convolutions' kernels in the order of the layers. */
    private static List<String> layers(Weights weights) {
        var names = weights.names().stream().filter(LAYER.asMatchPredicate()).toList();
        return IntStream.range(0, names.size())
                .mapToObj(i -> names.stream()
                        .filter(name -> Integer.parseInt(matched(name, 1)) == i)
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("there is no layer synthesis.L" + i + "_*")))
                .toList();
    }

    private static String matched(String name, int group) {
        var matcher = LAYER.matcher(name);
        require(matcher.matches(), name);
        return matcher.group(group);
    }

    /** Whether the first layer's stored filter has two axes; empty if the filters are not stored. */
    private static Optional<Boolean> storedRadial(Weights weights, String firstLayer) {
        var name = firstLayer.replaceFirst("\\.weight$", ".down_filter");
        return weights.names().contains(name)
                ? Optional.of(weights.shape(name).dimension() == 2)
                : Optional.empty();
    }

    /** {@code null} in a stored configuration means no clamp; nothing there means the default. */
    private static double clamp(JsonNode config) {
        var clamp = config.path("conv_clamp");
        return clamp.isNull() ? Double.POSITIVE_INFINITY : clamp.asDouble(CONV_CLAMP);
    }

    /** Layers before the one that turns to colours ({@code num_layers}). */
    int layers() {
        return channels.size() - 1;
    }

    /** Rows of w+: one for the input, one a layer, one for the colours. */
    public int rows() {
        return layers() + 2;
    }

    /** The frequency band of the result of a layer; the input has that of layer 0 (StyleGAN3, section 3.2). */
    LayerPlan.Band band(int layer) {
        double lastCutoff = resolution / 2.0;
        double progress = Math.min((double) layer / (layers() - criticalLayers), 1);
        double cutoff = firstCutoff * Math.pow(lastCutoff / firstCutoff, progress);
        double stopband = firstStopband * Math.pow(lastCutoff * lastStopbandRatio / firstStopband, progress);
        int rate = rate(Math.min(2 * stopband, resolution));
        int size = layer >= layers() - 1 ? resolution : rate + 2 * marginSize;
        return new LayerPlan.Band(rate, cutoff, Math.max(stopband, rate / 2.0) - cutoff, size, channels.get(layer));
    }

    /** The next power of two. */
    private static int rate(double least) {
        int rate = 1;
        while (rate < least) {
            rate *= 2;
        }
        return rate;
    }

    /** Layers in their order, the colours last. */
    List<LayerPlan> plans() {
        var plans = new ArrayList<LayerPlan>();
        for (int i = 0; i <= layers(); i++) {
            plans.add(LayerPlan.between(this, i, band(Math.max(0, i - 1)), band(i)));
        }
        return plans;
    }

    /**
     * The filters that follow from these numbers, as published files store them.
     *
     * @return by name ({@code synthesis.L0_36_512.up_filter}): [taps][1] for separable ones, [taps][taps] for radial ones
     */
    public Map<String, double[][]> filters() {
        var filters = new LinkedHashMap<String, double[][]>();
        for (var plan : plans()) {
            if (!plan.colours()) {
                filters.put("synthesis." + plan.name() + ".up_filter", plan.upTaps());
                filters.put("synthesis." + plan.name() + ".down_filter", plan.downTaps());
            }
        }
        return filters;
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
