package org.atelier.worker.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;

/**
 * Leaky ReLU, optionally clamped.
 *
 * <p>It has no gain of its own: {@code gain * lrelu(x) = lrelu(gain * x)} for every positive gain, so callers fold theirs
 * into what they multiply x by anyway.
 *
 * @param slope of negative values; 1 is the identity
 * @param clamp largest magnitude of a result, infinite for none
 */
public record LeakyRelu(double slope, double clamp) {
    /** Without a clamp. */
    public LeakyRelu(double slope) {
        this(slope, Double.POSITIVE_INFINITY);
    }

    /** Applies it to each element. */
    public NDArray apply(NDArray x) {
        var activated = slope == 1 ? x : Activation.leakyRelu(x, (float) slope);
        return Double.isFinite(clamp) ? activated.clip(-clamp, clamp) : activated;
    }
}
