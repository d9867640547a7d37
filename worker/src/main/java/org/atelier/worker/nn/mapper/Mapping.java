package org.atelier.worker.nn.mapper;

import java.util.ArrayList;
import java.util.List;

import ai.djl.ndarray.NDArray;
import org.atelier.worker.nn.EqualizedLinear;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.tensor.LeakyRelu;
import org.atelier.worker.tensor.Scope;

/**
 * One stack of a mapper: a normalisation, then fully connected layers of one width (StyleCLIP
 * {@code mapper/latent_mappers.py}, {@code Mapper}).
 */
final class Mapping {
    /** Inside the root of the normalisation. */
    private static final double EPSILON = 1e-8;

    private static final double LEARNING_FACTOR = 0.01;

    private static final LeakyRelu ACTIVATION = new LeakyRelu(0.2);

    private final long width;

    private final List<EqualizedLinear> layers = new ArrayList<>();

    /** @param loader of {@code mapping.1.*} and so on (0 is the normalisation), as many as there are */
    Mapping(WeightLoader loader) {
        var mapping = loader.in("mapping");
        var first = mapping.shape("1.weight");
        this.width = first.isEmpty() ? 1 : first.getLast();
        for (int i = 1; i == 1 || mapping.has(i + ".weight"); i++) {
            layers.add(new EqualizedLinear(mapping.in(Integer.toString(i)), width, width, LEARNING_FACTOR, ACTIVATION));
        }
    }

    /** Channels before and after. */
    long width() {
        return width;
    }

    /**
     * Applies it. The normalisation takes the mean of squares over axis 1, whatever that is: over the rows of [N, L, C],
     * over the channels of [N, C]. So the published mappers were trained.
     */
    NDArray apply(NDArray x) {
        return Scope.compute(() -> {
            var y = x.div(x.square().mean(new int[]{1}, true).add(EPSILON).sqrt());
            for (var layer : layers) {
                y = layer.apply(y);
            }
            return y;
        });
    }
}
