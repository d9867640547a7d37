package org.atelier.worker.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.norm.BatchNorm;
import org.atelier.worker.tensor.Convolution;
import org.atelier.worker.tensor.Derived;

/** Batch normalisation of a network that is not trained: an affine map of each channel, by stored statistics. */
public final class BatchNormalization {
    private static final float EPSILON = 1e-5f;
    private static final float NO_MOMENTUM = 0;

    private final NDArray weight;
    private final NDArray bias;
    private final NDArray mean;
    private final NDArray variance;

    /** @param loader of this layer: {@code weight}, {@code bias}, {@code running_mean}, {@code running_var}, all [C] */
    public BatchNormalization(WeightLoader loader, long channels) {
        this.weight = loader.take("weight", channels);
        this.bias = loader.take("bias", channels);
        this.mean = loader.take("running_mean", channels);
        this.variance = loader.take("running_var", channels);
        loader.ignore("num_batches_tracked");
    }

    /**
     * Applies the layer.
     *
     * @param x [N, C, ...]
     */
    public NDArray apply(NDArray x) {
        return BatchNorm.batchNorm(x, mean, variance, weight, bias, -1, NO_MOMENTUM, EPSILON, false)
                .singletonOrThrow();
    }

    /**
     * The kernel that convolves and normalises at once.
     *
     * @param kernel [C, I, k, k] of the convolution before this layer
     */
    Derived folded(NDArray kernel) {
        return new Derived(() -> Convolution.channelsLast(kernel.mul(gain().reshape(-1, 1, 1, 1))), kernel, weight,
                variance);
    }

    /** The bias that goes with {@link #folded}: [C]. */
    Derived foldedBias() {
        return new Derived(() -> bias.sub(mean.mul(gain())), weight, bias, mean, variance);
    }

    private NDArray gain() {
        return weight.div(variance.add(EPSILON).sqrt());
    }
}
