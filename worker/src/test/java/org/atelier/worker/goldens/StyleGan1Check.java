package org.atelier.worker.goldens;

import java.util.regex.Pattern;

import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.atelier.worker.TestEngine;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.stylegan1.StyleGan1Config;
import org.atelier.worker.nn.stylegan1.StyleGan1Generator;

/** StyleGAN: mapping, truncation, style mixing, pictures, styles and gradients. */
final class StyleGan1Check implements Check {
    private static final Pattern TRUNCATED = Pattern.compile("(wp|img_from_z)_psi([\\d.]+)_layers(\\d+)");
    private static final Pattern MIXED = Pattern.compile("img_mix_row(\\d+)");

    @Override
    public boolean knows(Golden golden) {
        return golden.weightTables().size() == 1 && golden.weights().names().contains("synthesis.layer0.const");
    }

    @Override
    public void run(Golden golden, Verdict verdict, NDManager manager) {
        var weights = golden.weights();
        var config = StyleGan1Config.of(golden.config(), weights);
        try (var generator = StyleGan1Generator.load(config, weights, TestEngine.get())) {
            var wPlus = golden.array("in.wplus", manager);
            var w = generator.map(golden.array("in.z", manager));
            verdict.compare("w", w);
            for (var output : golden.outputs()) {
                var truncated = TRUNCATED.matcher(output.name());
                if (truncated.matches()) {
                    var latent = generator.truncate(w, Double.parseDouble(truncated.group(2)), Integer.parseInt(
                            truncated.group(3)));
                    verdict.compare(output.name(), truncated.group(1).equals("wp")
                            ? latent
                            : generator.render(latent, Noise.STORED));
                }
                var mixed = MIXED.matcher(output.name());
                if (mixed.matches()) {
                    int row = Integer.parseInt(mixed.group(1));
                    var all = generator.truncate(w, 1, 0);
                    var latent = NDArrays.concat(new NDList(all.get("0:1, :" + row), all.get("1:2, " + row + ":")), 1);
                    verdict.compare(output.name(), generator.render(latent, Noise.STORED));
                }
            }
            verdict.compare("img", generator.render(wPlus, Noise.STORED));
            generator.styles(wPlus).forEach((layer, style) -> verdict.compare(String.format("style%02d", Integer
                    .parseInt(layer.substring("synthesis.layer".length()))), style));
            GeneratorGradients.compare(generator, Noise.STORED, golden, verdict, manager);
        }
    }
}
