package org.atelier.worker.nn.stylegan3;

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
 * A convolution whose kernel is scaled by a style and brought back to unit variance (NVlabs {@code modulated_conv2d} of
 * StyleGAN3). As in StyleGAN2, styles scale the channels of the input and the result instead of the kernel.
 *
 * <p>Before that, kernel and styles are brought to unit mean square themselves, the styles over batch and channels
 * together: a picture's numbers depend on the rest of its batch, by the demodulation's epsilon (about 1e-7). The result
 * is padded to all positions that the kernel touches: it is {@code size + k - 1} large.
 */
final class ModulatedConvolution {
    /** Inside the root of the demodulation. */
    private static final double EPSILON = 1e-8;

    private final int padding;
    private final Derived kernel;
    private final Derived inputGain;
    private final ChannelAffine modulation;
    private final ChannelAffine demodulation;
    private final NDArray epsilon;
    private final NDArray one;

    /** Whether and how strength is normalised; null where it is not. */
    private final @Nullable Derived squares;

    /**
     * Prepares the convolution.
     *
     * @param weight      [O, I, k, k]
     * @param inputGain   [], of the input
     * @param demodulates whether the result is brought to unit variance
     * @param gain        of the style
     * @param padding     zeros on each side; k - 1 in the networks
     * @param manager     owns constants
     */
    ModulatedConvolution(
            NDArray weight,
            Derived inputGain,
            boolean demodulates,
            double gain,
            int padding,
            NDManager manager) {
        var shape = weight.getShape();
        long outputs = shape.get(0);
        double styleGain = demodulates ? 1 : gain;
        this.padding = padding;
        this.inputGain = inputGain;
        this.kernel = Derived.of(weight, w -> Convolution.channelsLast(demodulates
                ? normalized(w)
                : Scalars.mul(w, styleGain)));
        this.squares = demodulates
                ? Derived.of(weight, w -> normalized(w).square().sum(new int[]{2, 3}))
                : null;
        this.modulation = new ChannelAffine(shape.get(1), manager);
        this.demodulation = new ChannelAffine(outputs, manager);
        this.epsilon = manager.full(new Shape(outputs), (float) EPSILON);
        this.one = manager.ones(new Shape(1));
    }

    private static NDArray normalized(NDArray weight) {
        return weight.div(Scalars.div(weight.square().sum(new int[]{1, 2, 3}, true), (double) weight.size() / weight
                .getShape().get(0)).sqrt());
    }

    /**
     * Applies it.
     *
     * @param x     [N, I, H, W]
     * @param style [N, I]
     * @param bias  [O], added to the demodulated result, or none
     * @return [N, O, H + k - 1, W + k - 1]
     */
    NDArray apply(NDArray x, NDArray style, @Nullable NDArray bias) {
        if (squares == null) {
            return Convolution.conv2d(modulation.apply(x, style.mul(inputGain.get()), null), kernel.get(), bias, 1,
                    padding);
        }
        var s = style.div(style.square().mean().sqrt());
        var d = one.div(Linear.linear(s.square(), squares.get(), epsilon).singletonOrThrow().sqrt());
        var convolved = Convolution.conv2d(modulation.apply(x, s.mul(inputGain.get()), null), kernel.get(), null, 1,
                padding);
        return demodulation.apply(convolved, d, bias);
    }
}
