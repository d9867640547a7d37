package org.atelier.worker.goldens;

import java.util.regex.Pattern;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.TestEngine;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.stylegan3.InputTransform;
import org.atelier.worker.nn.stylegan3.StyleGan3Config;
import org.atelier.worker.nn.stylegan3.StyleGan3Generator;
import org.atelier.worker.tensor.Scope;

/** StyleGAN3: mapping, truncation, pictures, styles, gradients, outputs of layers, filters. */
final class StyleGan3Check implements Check {
    private static final Pattern TRUNCATED = Pattern.compile("ws(?:_psi([\\d.]+?))?(?:_cutoff(\\d+))?");
    private static final Pattern FROM_Z = Pattern.compile("img_from_z_psi([\\d.]+)");
    private static final Pattern FILTER = Pattern.compile("synthesis\\.(.*)\\.(up|down)_filter");
    private static final int SHOWN_CHANNELS = 4;

    @Override
    public boolean knows(Golden golden) {
        boolean group = golden.group().equals("stylegan3") || golden.group().equals("debug");
        return group && golden.weightTables().size() == 1
                && golden.weights().names().contains("synthesis.input.freqs");
    }

    @Override
    public void run(Golden golden, Verdict verdict, NDManager manager) {
        var weights = golden.weights();
        var config = StyleGan3Config.of(golden.config(), weights);
        try (var generator = StyleGan3Generator.load(config, weights, TestEngine.get())) {
            var wPlus = golden.array("in.wplus", manager);
            if (golden.group().equals("debug")) {
                Tap tap = (name, output) -> {
                    if (verdict.wants("out." + name)) {
                        verdict.compare("out." + name, output.get(":, :" + SHOWN_CHANNELS));
                    }
                };
                generator.render(generator.styles(wPlus), Noise.NONE, tap);
                return;
            }
            latents(generator, golden, verdict, manager);
            pictures(generator, golden, verdict, manager);
            GeneratorGradients.compare(generator, Noise.NONE, golden, verdict, manager);
            config.filters().forEach((name, taps) -> filter(name, taps, verdict, manager));
        }
    }

    private static void latents(StyleGan3Generator generator, Golden golden, Verdict verdict, NDManager manager) {
        var w = generator.map(golden.array("in.z", manager));
        for (var output : golden.outputs()) {
            var truncated = TRUNCATED.matcher(output.name());
            if (truncated.matches()) {
                double psi = truncated.group(1) == null ? 1 : Double.parseDouble(truncated.group(1));
                int cutoff = truncated.group(2) == null ? generator.rows() : Integer.parseInt(truncated.group(2));
                verdict.compare(output.name(), generator.truncate(w, psi, cutoff));
            }
            var fromZ = FROM_Z.matcher(output.name());
            if (fromZ.matches()) {
                verdict.compare(output.name(), generator.render(generator.truncate(w, Double.parseDouble(fromZ.group(
                        1)), generator.rows()), Noise.NONE));
            }
        }
    }

    private static void pictures(StyleGan3Generator generator, Golden golden, Verdict verdict, NDManager manager) {
        var wPlus = golden.array("in.wplus", manager);
        var styles = generator.styles(wPlus);
        styles.forEach((layer, style) -> verdict.compare("style." + layer, style));
        Tap tap = (name, output) -> {
            var layer = name.substring("synthesis.".length());
            verdict.compare("layer_rms." + layer, Scope.compute(() -> output.square().mean().sqrt()));
            if (layer.equals("input")) {
                verdict.compare("input_features", output);
            }
            if (layer.startsWith("L0_")) {
                verdict.compare("first_layer_output", output);
            }
        };
        verdict.compare("img", generator.render(styles, Noise.NONE, tap));
        verdict.compare("img_first_sample_alone", generator.render(wPlus.get(":1"), Noise.NONE));
        verdict.compare("img_transformed", generator.render(styles, InputTransform.of(golden.array("in.transform",
                manager)), Tap.NONE));
    }

    private static void filter(String name, double[][] taps, Verdict verdict, NDManager manager) {
        var matcher = FILTER.matcher(name);
        if (matcher.matches()) {
            int rows = taps.length;
            int columns = taps[0].length;
            var flat = new float[rows * columns];
            for (int i = 0; i < flat.length; i++) {
                flat[i] = (float) taps[i / columns][i % columns];
            }
            verdict.compare("filter." + matcher.group(1) + "." + matcher.group(2), manager.create(flat, columns == 1
                    ? new Shape(rows)
                    : new Shape(rows, columns)));
        }
    }
}
