package org.atelier.worker.nn.stylegan2;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import org.atelier.worker.tensor.ChannelAffine;
import org.atelier.worker.tensor.Convolution;
import org.atelier.worker.tensor.Derived;
import org.atelier.worker.tensor.Scalars;
import org.jspecify.annotations.Nullable;

/**
 * A 3x3 convolution whose kernel is scaled by a style and then brought back to unit variance (StyleGAN2, section 2.2):
 *
 * <pre>
 * w'[n,o,i,k] = w[o,i,k] * s[n,i]
 * w"[n,o,i,k] = w'[n,o,i,k] * d[n,o],   d[n,o] = 1 / sqrt(sum over i,k of w'[n,o,i,k]^2 + 1e-8)
 * y[n] = w"[n] * x[n]
 * </pre>
 *
 * Since s and d do not depend on k, they scale the channels of x and of the result instead, and one kernel serves all
 * pictures of a batch, never changes, and needs no gradient:
 *
 * <pre>
 * y[n,o] = d[n,o] * (w[o] * (s[n] x[n])),   d[n,o] = 1 / sqrt(sum over i of s[n,i]^2 * q[o,i] + 1e-8),   q[o,i] = sum over k of w[o,i,k]^2
 * </pre>
 */
final class ModulatedConvolution {
    /** Inside the root of the demodulation. */
    private static final double EPSILON = 1e-8;

    private final Kernel kernel;
    private final ChannelAffine modulation;
    private final ChannelAffine demodulation;
    private final Derived squares;
    private final NDArray epsilon;
    private final NDArray one;

    /** How the kernel is applied. */
    interface Kernel {
        /**
         * Convolves.
         *
         * @param x [N, I, H, W]
         * @return [N, O, H', W']
         */
        NDArray apply(NDArray x);
    }

    /**
     * Prepares the convolution.
     *
     * @param weight  [O, I, 3, 3]
     * @param kernel  applies that weight
     * @param gain    of the result, folded into d
     * @param manager owns constants
     */
    ModulatedConvolution(NDArray weight, Kernel kernel, double gain, NDManager manager) {
        long outputs = weight.getShape().get(0);
        long inputs = weight.getShape().get(1);
        double variance = 1 / (gain * gain);
        this.kernel = kernel;
        this.modulation = new ChannelAffine(inputs, manager);
        this.demodulation = new ChannelAffine(outputs, manager);
        this.squares = Derived.of(weight, w -> Scalars.mul(w.square().sum(new int[]{2, 3}), variance));
        this.one = manager.ones(new Shape(1));
        this.epsilon = manager.full(new Shape(outputs), (float) (EPSILON * variance));
    }

    /** A kernel that keeps the size: zero padding of one pixel. */
    static Kernel sameSize(NDArray weight) {
        var kernel = Derived.of(weight, Convolution::channelsLast);
        return x -> Convolution.conv2d(x, kernel.get(), null, 1, 1);
    }

    /**
     * Applies it.
     *
     * @param x     [N, I, H, W]
     * @param style s [N, I]
     * @param bias  [O], added to the demodulated result, or none
     * @return [N, O, H', W'], a new array
     */
    NDArray apply(NDArray x, NDArray style, @Nullable NDArray bias) {
        var convolved = kernel.apply(modulation.apply(x, style, null));
        var d = one.div(Linear.linear(style.square(), squares.get(), epsilon).singletonOrThrow().sqrt());
        return demodulation.apply(convolved, d, bias);
    }
}
