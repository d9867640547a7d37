package org.atelier.worker.nn.stylegan2;

import java.util.ArrayList;
import java.util.List;

import ai.djl.ndarray.NDArray;
import org.atelier.worker.nn.EqualizedLinear;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.tensor.LeakyRelu;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;

/** Turns z into w (StyleGAN, section 2). */
final class MappingNetwork {
    /** Inside the root of the normalisation of z. */
    private static final double EPSILON = 1e-8;

    private final int zSize;

    private final NDArray mean;

    private final List<EqualizedLinear> layers = new ArrayList<>();

    /** @param loader of {@code mapping}: {@code fc0.*} and so on, {@code w_avg} */
    MappingNetwork(StyleGan2Config config, WeightLoader loader) {
        this.zSize = config.zSize();
        var activation = new LeakyRelu(StyleGan2Config.SLOPE);
        int inputs = config.zSize();
        for (int i = 0; i < config.mappingLayers(); i++) {
            int outputs = i == config.mappingLayers() - 1 ? config.wSize() : config.mappingWidth();
            layers.add(new EqualizedLinear(loader.in("fc" + i), inputs, outputs, config.mappingLearningFactor(),
                    activation));
            inputs = outputs;
        }
        this.mean = loader.take("w_avg", config.wSize());
    }

    /** See {@link org.atelier.worker.nn.Generator#map}. */
    NDArray map(NDArray z) {
        Shapes.require("z [N, Z]", z, Shapes.ANY, zSize);
        return Scope.compute(() -> {
            var x = normalizeSecondMoment(z);
            for (var layer : layers) {
                x = layer.apply(x);
            }
            return x;
        });
    }

    /** Scales each row to a root mean square of 1. */
    static NDArray normalizeSecondMoment(NDArray x) {
        return x.div(x.square().mean(new int[]{1}, true).add(EPSILON).sqrt());
    }

    NDArray mean() {
        return mean;
    }
}
