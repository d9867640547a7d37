package org.atelier.worker.nn.face;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.tensor.Derived;

/**
 * Leaky ReLU with a slope of its own for each channel (He et al. 2015), which the engine does not have:
 * {@code max(x, 0) + a min(x, 0)}, where {@code min(x, 0) = x - max(x, 0)} without rounding.
 */
public final class PRelu {
    private final Derived slope;

    /** @param loader of this layer: {@code weight} [C], or [1] for all channels */
    public PRelu(WeightLoader loader, long slopes) {
        var weight = loader.take("weight", slopes);
        this.slope = Derived.of(weight, a -> a.reshape(1, slopes, 1, 1).duplicate());
    }

    /** Applies it to [N, C, H, W]. */
    public NDArray apply(NDArray x) {
        var positive = Activation.relu(x);
        return x.sub(positive).muli(slope.get()).addi(positive);
    }
}
