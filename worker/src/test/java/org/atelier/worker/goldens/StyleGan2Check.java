package org.atelier.worker.goldens;

import java.util.regex.Pattern;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.worker.TestEngine;
import org.atelier.worker.nn.MappingNetwork;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.stylegan2.StyleGan2Config;
import org.atelier.worker.nn.stylegan2.StyleGan2Generator;

/** StyleGAN2 in NVlabs names: mapping, truncation, pictures, styles, gradients, and the outputs of all layers. */
final class StyleGan2Check implements Check {
    private static final Pattern TRUNCATED = Pattern.compile("ws(?:_psi([\\d.]+?))?(?:_cutoff(\\d+))?");
    private static final Pattern FROM_Z = Pattern.compile("img_from_z_psi([\\d.]+)");
    private static final int CHANNEL_BASE = 32768;

    @Override
    public boolean knows(Golden golden) {
        boolean group = golden.group().equals("stylegan2") || golden.group().equals("debug");
        return group && golden.weightTables().size() == 1
                && golden.weights().names().contains("synthesis.b4.conv1.noise_strength")
                && !RosinalityCheck.isRosinality(golden);
    }

    static StyleGan2Config config(JsonNode config) {
        int resolution = config.path("img_resolution").asInt();
        int wSize = config.path("w_dim").asInt();
        return new StyleGan2Config(
                new MappingNetwork.Form(config.path("z_dim").asInt(), config.path("c_dim").asInt(), wSize, config.path(
                        "layers").asInt(), wSize, config.path("lr_multiplier").asDouble(
                                MappingNetwork.Form.LEARNING_FACTOR)),
                resolution,
                StyleGan2Config.channels(config.path("channel_base").asInt(CHANNEL_BASE), config.path("channel_max")
                        .asInt(512), resolution),
                StyleGan2Config.RESAMPLE_FILTER,
                config.path("conv_clamp").asDouble(Double.POSITIVE_INFINITY));
    }

    @Override
    public void run(Golden golden, Verdict verdict, NDManager manager) {
        try (var generator = StyleGan2Generator.load(config(golden.config()), golden.weights(), TestEngine.get())) {
            var wPlus = golden.array("in.wplus", manager);
            if (golden.group().equals("debug")) {
                layers(generator, wPlus, verdict);
                return;
            }
            var z = golden.array("in.z", manager);
            for (var output : golden.outputs()) {
                var truncated = TRUNCATED.matcher(output.name());
                if (truncated.matches()) {
                    double psi = truncated.group(1) == null ? 1 : Double.parseDouble(truncated.group(1));
                    int cutoff = truncated.group(2) == null ? generator.rows() : Integer.parseInt(truncated.group(2));
                    verdict.compare(output.name(), generator.truncate(generator.map(z), psi, cutoff));
                }
            }
            verdict.compare("img_noise_none", generator.render(wPlus, Noise.NONE));
            verdict.compare("img_noise_const", generator.render(wPlus, Noise.STORED));
            generator.styles(wPlus).forEach((layer, style) -> verdict.compare("style." + layer, style));
            GeneratorGradients.compare(generator, Noise.STORED, golden, verdict, manager);
            fromZ(generator, z, golden, verdict, manager);
        }
    }

    private static void layers(StyleGan2Generator generator, NDArray wPlus, Verdict verdict) {
        Tap tap = (name, output) -> verdict.compare((name.matches(".*\\.b\\d+") ? "img_after." : "out.") + name,
                output);
        generator.render(generator.styles(wPlus), Noise.STORED, tap);
    }

    private static void fromZ(StyleGan2Generator generator, NDArray z, Golden golden, Verdict verdict,
            NDManager manager) {
        for (var output : golden.outputs()) {
            var fromZ = FROM_Z.matcher(output.name());
            if (fromZ.matches()) {
                try (var tape = TestEngine.get().record()) {
                    var leaf = tape.leaf(z);
                    var wPlus = generator.truncate(generator.map(leaf), Double.parseDouble(fromZ.group(1)), generator
                            .rows());
                    var image = generator.render(wPlus, Noise.STORED);
                    tape.backward(image.mul(golden.array("in.R", manager)).sum());
                    verdict.compare(output.name(), image);
                    verdict.compare("grad.z", leaf.getGradient());
                }
            }
        }
    }
}
