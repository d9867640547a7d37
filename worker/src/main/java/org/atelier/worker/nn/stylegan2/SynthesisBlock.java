package org.atelier.worker.nn.stylegan2;

import java.util.ArrayList;
import java.util.List;

import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.tensor.AxisFilter;
import org.atelier.worker.tensor.Resampling;
import org.jspecify.annotations.Nullable;

/**
 * The layers of one resolution: convolutions (one at 4x4, two above) and the turn to colours, which are added to the
 * upsampled picture so far.
 *
 * @param name         {@code synthesis.b8}
 * @param convolutions in their order
 * @param toRgb        after them
 * @param upsampling   of the picture so far; none in the first block
 */
record SynthesisBlock(
        String name,
        List<SynthesisLayer> convolutions,
        ToRgbLayer toRgb,
        @Nullable Resampling upsampling) {
    /** @param loader of {@code synthesis} */
    static SynthesisBlock load(StyleGan2Config config, int resolution, WeightLoader loader) {
        var part = "b" + resolution;
        var name = "synthesis." + part;
        var block = loader.in(part);
        int outputs = config.channels().get(resolution);
        var convolutions = new ArrayList<SynthesisLayer>();
        if (resolution == StyleGan2Config.FIRST_RESOLUTION) {
            convolutions.add(new SynthesisLayer(name + ".conv1", block.in("conv1"), config, resolution, outputs,
                    outputs, false));
        } else {
            convolutions.add(new SynthesisLayer(name + ".conv0", block.in("conv0"), config, resolution, config
                    .channels().get(resolution / 2), outputs, true));
            convolutions.add(new SynthesisLayer(name + ".conv1", block.in("conv1"), config, resolution, outputs,
                    outputs, false));
        }
        block.ignore("resample_filter");
        block.in("torgb").ignore("resample_filter");
        return new SynthesisBlock(name, List.copyOf(convolutions), new ToRgbLayer(name + ".torgb", block.in("torgb"),
                config, outputs), upsampling(config, resolution, loader));
    }

    private static @Nullable Resampling upsampling(StyleGan2Config config, int resolution, WeightLoader loader) {
        if (resolution == StyleGan2Config.FIRST_RESOLUTION) {
            return null;
        }
        var taps = config.resampleFilter().stream().mapToDouble(Double::doubleValue).toArray();
        return Resampling.square(AxisFilter.upsample2(resolution / 2, taps), loader.manager());
    }
}
