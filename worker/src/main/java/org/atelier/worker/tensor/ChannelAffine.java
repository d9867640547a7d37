package org.atelier.worker.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.norm.BatchNorm;
import org.jspecify.annotations.Nullable;

/**
 * {@code y[n, c] = gain[n, c] * x[n, c] + bias[c]}: what modulation, demodulation and normalisation in inference come to.
 *
 * <p>For a batch of one it runs as the engine's batch normalisation with mean 0 and variance 1. That is the only operator
 * which multiplies, adds and, in the backward pass, sums up the gradient of the gain without writing products of the
 * size of x in between.
 */
public final class ChannelAffine {
    private static final float NO_MOMENTUM = 0;
    private static final float NO_EPSILON = 0;

    private final NDArray zeros;
    private final NDArray ones;

    /**
     * Prepares for a number of channels.
     *
     * @param channels size of the axis C
     * @param manager  owns two constants of that size
     */
    public ChannelAffine(long channels, NDManager manager) {
        this.zeros = manager.zeros(new Shape(channels));
        this.ones = manager.ones(new Shape(channels));
    }

    /**
     * Applies it.
     *
     * @param x    [N, C, H, W]
     * @param gain [N, C]
     * @param bias [C], or none
     * @return [N, C, H, W], a new array
     */
    public NDArray apply(NDArray x, NDArray gain, @Nullable NDArray bias) {
        long batch = x.getShape().get(0);
        long channels = zeros.size();
        Shapes.require("gain [N, C]", gain, batch, channels);
        if (batch == 1) {
            return BatchNorm.batchNorm(x, zeros, ones, gain.reshape(channels), bias == null ? zeros : bias, -1,
                    NO_MOMENTUM, NO_EPSILON, false).singletonOrThrow();
        }
        var scaled = x.mul(gain.reshape(batch, channels, 1, 1));
        return bias == null ? scaled : scaled.addi(bias.reshape(1, channels, 1, 1));
    }
}
