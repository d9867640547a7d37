package org.atelier.worker.models;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.worker.checkpoint.TensorContent;
import org.atelier.worker.checkpoint.TorchZipWriter;
import org.atelier.worker.checkpoint.value.TensorTable;

/**
 * Writes a StyleGAN2 as a checkpoint of rosinality's code, complete enough for its strict loading: {@code g_ema} with the
 * constant kernels that the code keeps as buffers, and {@code latent_avg}.
 */
public final class RosinalityExport {
    private static final Pattern MAPPING = Pattern.compile("mapping\\.fc(\\d+)\\.(weight|bias)");
    private static final Pattern LAYER = Pattern.compile("synthesis\\.b(\\d+)\\.(conv0|conv1|torgb)\\.(.+)");
    private static final Map<String, String> TENSORS = Map.of(
            "weight", "conv.weight",
            "affine.weight", "conv.modulation.weight",
            "affine.bias", "conv.modulation.bias",
            "noise_strength", "noise.weight",
            "bias", "activate.bias");

    private final Map<String, TensorContent> state = new LinkedHashMap<>();

    private RosinalityExport() {}

    /**
     * Writes a generator.
     *
     * @param generator in the names of NVlabs
     * @param config    of its card
     * @throws ImportException if it has tensors that rosinality's code has no place for
     */
    public static void write(OutputStream out, TensorTable generator, JsonNode config) throws IOException {
        var export = new RosinalityExport();
        var mean = new LinkedHashMap<String, TensorContent>();
        generator.tensors().forEach((name, tensor) -> {
            var content = TensorContent.asFloats(tensor);
            if (name.equals(StyleGanConversion.MEAN)) {
                mean.put("latent_avg", content);
            } else if (!name.endsWith(".resample_filter")) {
                // The kernels are written from the card.
                export.add(name, content);
            }
        });
        export.addKernels(config);
        TorchZipWriter.write(out, Map.of("g_ema", export.state), mean);
    }

    private void add(String name, TensorContent tensor) {
        var mapping = MAPPING.matcher(name);
        var layer = LAYER.matcher(name);
        if (mapping.matches()) {
            state.put("style." + (Integer.parseInt(mapping.group(1)) + 1) + "." + mapping.group(2), tensor);
        } else if (name.equals("synthesis.b4.const")) {
            state.put("input.input", expanded(tensor, 4));
        } else if (layer.matches()) {
            addLayer(name, Integer.numberOfTrailingZeros(Integer.parseInt(layer.group(1))) - 2, layer.group(2), layer
                    .group(3), tensor);
        } else {
            throw unknown(name);
        }
    }

    /** @param block 0 for the one of 4 pixels */
    private void addLayer(String name, int block, String layer, String tensor, TensorContent content) {
        if (layer.equals("torgb")) {
            var prefix = block == 0 ? "to_rgb1." : "to_rgbs." + (block - 1) + ".";
            if (tensor.equals("bias")) {
                state.put(prefix + "bias", content.reshaped(List.of(1L, content.elements(), 1L, 1L)));
            } else {
                state.put(prefix + conv(name, tensor), tensor.equals("weight") ? expanded(content, 5) : content);
            }
            return;
        }
        int convolution = block == 0 ? 0 : 2 * (block - 1) + layer.charAt(layer.length() - 1) - '0' + 1;
        if (tensor.equals("noise_const")) {
            state.put("noises.noise_" + convolution, expanded(content, 4));
            return;
        }
        var prefix = convolution == 0 ? "conv1." : "convs." + (convolution - 1) + ".";
        state.put(prefix + conv(name, tensor), switch (tensor) {
            case "weight" -> expanded(content, 5);
            case "noise_strength" -> content.reshaped(List.of(1L));
            default -> content;
        });
    }

    private static String conv(String name, String tensor) {
        var theirs = TENSORS.get(tensor);
        if (theirs == null) {
            throw unknown(name);
        }
        return theirs;
    }

    private static ImportException unknown(String name) {
        return new ImportException("rosinality's StyleGAN2 has no place for " + name
                + ", so this generator cannot be written in its layout. Export it as safetensors.");
    }

    private static TensorContent expanded(TensorContent tensor, int axes) {
        var shape = new ArrayList<>(tensor.shape());
        while (shape.size() < axes) {
            shape.addFirst(1L);
        }
        return tensor.reshaped(shape);
    }

    /** Outer product of the taps, with a sum of 4: what upsampling by 2 needs (rosinality {@code model.py}, make_kernel). */
    private void addKernels(JsonNode config) {
        var taps = config.path("resample_filter").valueStream().mapToDouble(JsonNode::asDouble).toArray();
        double sum = 0;
        for (double tap : taps) {
            sum += tap;
        }
        var kernel = new float[taps.length * taps.length];
        for (int i = 0; i < kernel.length; i++) {
            kernel[i] = (float) (4 * taps[i / taps.length] * taps[i % taps.length] / (sum * sum));
        }
        var content = TensorContent.of(kernel, taps.length, taps.length);
        for (int block = 0; state.containsKey("to_rgbs." + block + ".bias"); block++) {
            state.put("convs." + 2 * block + ".conv.blur.kernel", content);
            state.put("to_rgbs." + block + ".upsample.kernel", content);
        }
    }
}
