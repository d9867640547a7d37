package org.atelier.worker.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.core.Linear;
import org.jspecify.annotations.Nullable;

/**
 * A fully connected layer, {@code y = x W^T + b}.
 *
 * @param weight [O, I]
 * @param bias   [O], or none
 */
public record LinearLayer(NDArray weight, @Nullable NDArray bias) {
    /** Loads {@code weight} and {@code bias}. */
    public static LinearLayer load(WeightLoader loader, long inputs, long outputs) {
        return new LinearLayer(loader.take("weight", outputs, inputs), loader.take("bias", outputs));
    }

    /**
     * Applies the layer.
     *
     * @param x [..., I]
     * @return [..., O]
     */
    public NDArray apply(NDArray x) {
        return Linear.linear(x, weight, bias).singletonOrThrow();
    }
}
