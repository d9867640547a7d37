package org.atelier.worker.nn.stylegan2;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.nn.RenamedWeights;
import org.atelier.worker.nn.Weights;

/**
 * The weights of rosinality's {@code stylegan2-pytorch} {@code Generator} under NVlabs names. The numbers are the same, no
 * kernel is flipped; only names and axes of size one differ. {@code latent_avg}, which stands beside the state dict in a
 * checkpoint, becomes {@code mapping.w_avg}.
 */
public final class RosinalityWeights implements Weights {
    private static final Pattern STYLE = Pattern.compile("style\\.(\\d+)\\.(weight|bias)");
    private static final Pattern NOISE = Pattern.compile("noises\\.noise_(\\d+)");
    private static final Pattern LAYER = Pattern.compile("(conv1|to_rgb1|convs\\.\\d+|to_rgbs\\.\\d+)\\.(.+)");
    private static final Pattern RESAMPLE_FILTER = Pattern.compile(".*\\.(blur|upsample)\\.kernel");

    /** What a tensor of a layer is called. */
    private static final Map<String, String> LAYER_TENSORS = Map.of(
            "conv.weight", "weight",
            "conv.modulation.weight", "affine.weight",
            "conv.modulation.bias", "affine.bias",
            "noise.weight", "noise_strength",
            "activate.bias", "bias",
            "bias", "bias");

    private final RenamedWeights file;

    /** @param file with rosinality's names */
    public RosinalityWeights(Weights file) {
        this.file = new RenamedWeights(file, name -> RESAMPLE_FILTER.matcher(name).matches()
                ? Optional.empty()
                : Optional.of(rename(name).orElse(name)));
    }

    private static Optional<String> rename(String name) {
        var style = STYLE.matcher(name);
        if (style.matches()) {
            return Optional.of("mapping.fc" + (number(style) - 1) + "." + style.group(2));
        }
        var noise = NOISE.matcher(name);
        if (noise.matches()) {
            int n = number(noise);
            return Optional.of((n == 0 ? "synthesis.b4.conv1" : convolution(n - 1)) + ".noise_const");
        }
        var layer = LAYER.matcher(name);
        if (layer.matches() && LAYER_TENSORS.containsKey(layer.group(2))) {
            return Optional.of(layer(layer.group(1)) + "." + LAYER_TENSORS.get(layer.group(2)));
        }
        return Optional.ofNullable(Map.of("input.input", "synthesis.b4.const", "latent_avg", "mapping.w_avg").get(
                name));
    }

    private static int number(Matcher matcher) {
        return Integer.parseInt(matcher.group(1));
    }

    /** The NVlabs name of a layer: {@code convs.0} is {@code synthesis.b8.conv0}. */
    public static String layer(String name) {
        int dot = name.indexOf('.');
        return switch (name.substring(0, dot < 0 ? name.length() : dot)) {
            case "conv1" -> "synthesis.b4.conv1";
            case "to_rgb1" -> "synthesis.b4.torgb";
            case "convs" -> convolution(Integer.parseInt(name.substring(dot + 1)));
            case "to_rgbs" -> "synthesis.b" + (8 << Integer.parseInt(name.substring(dot + 1))) + ".torgb";
            default -> throw new IllegalArgumentException("no layer of this generator: " + name);
        };
    }

    private static String convolution(int index) {
        return "synthesis.b" + (8 << index / 2) + ".conv" + index % 2;
    }

    @Override
    public Set<String> names() {
        return file.names();
    }

    @Override
    public Shape shape(String name) {
        var sizes = file.shape(name).getShape();
        int axes = sizes.length;
        if (name.endsWith(".noise_strength")) {
            axes = 0;
        } else if (name.endsWith(".bias") || name.equals("mapping.w_avg")) {
            return new Shape(Arrays.stream(sizes).filter(size -> size != 1).toArray());
        } else if (name.endsWith(".noise_const")) {
            axes = 2;
        } else if (name.endsWith(".const")) {
            axes = 3;
        } else if (name.startsWith("synthesis.") && !name.contains(".affine.")) {
            axes = 4;
        }
        return new Shape(Arrays.copyOfRange(sizes, Math.max(0, sizes.length - axes), sizes.length));
    }

    /** What a tensor is called in the file. */
    public String original(String name) {
        return file.original(name);
    }

    @Override
    public NDArray read(String name, NDManager manager) {
        try (var stored = file.read(name, manager)) {
            return stored.reshape(shape(name));
        }
    }
}
