package org.atelier.worker.nn.face;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.tensor.Derived;

/**
 * Leaky ReLU with a slope of its own for each channel (He et al. 2015), which the engine does not have:
 * {@code max(x, 0) + a min(x, 0)}, where {@code min(x, 0) = x - max(x, 0)} without rounding.
 */
final class PRelu {
    private final Derived slope;

    /** @param loader of this layer: {@code weight} [C] */
    PRelu(WeightLoader loader, long channels) {
        var weight = loader.take("weight", channels);
        this.slope = Derived.of(weight, a -> a.reshape(1, channels, 1, 1).duplicate());
    }

    /** Applies it to [N, C, H, W]. */
    NDArray apply(NDArray x) {
        var positive = Activation.relu(x);
        return x.sub(positive).muli(slope.get()).addi(positive);
    }
}
