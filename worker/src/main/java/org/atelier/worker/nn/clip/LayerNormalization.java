package org.atelier.worker.nn.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.norm.LayerNorm;
import org.atelier.worker.nn.WeightLoader;

/** Layer normalisation over the last axis. */
final class LayerNormalization {
    private static final float EPSILON = 1e-5f;

    private final Shape width;
    private final NDArray weight;
    private final NDArray bias;

    /** Loads {@code weight} and {@code bias}, both [width]. */
    LayerNormalization(WeightLoader loader, long width) {
        this.width = new Shape(width);
        this.weight = loader.take("weight", width);
        this.bias = loader.take("bias", width);
    }

    NDArray apply(NDArray x) {
        return LayerNorm.layerNorm(x, width, weight, bias, EPSILON).singletonOrThrow();
    }
}
