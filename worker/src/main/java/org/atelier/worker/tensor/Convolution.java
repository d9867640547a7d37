package org.atelier.worker.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import org.jspecify.annotations.Nullable;

/**
 * Two-dimensional convolution (correlation, as all networks here mean it) of arrays [N, C, H, W].
 *
 * <p>Arrays and kernels are kept <em>channels-last</em>: the axes are N, C, H, W, but in memory the channels lie side by
 * side. The engine keeps that order through a convolution; DESIGN.md has what it gains.
 */
public final class Convolution {
    private static final Shape NO_DILATION = new Shape(1, 1);

    private Convolution() {}

    /** A copy in channels-last order. */
    public static NDArray channelsLast(NDArray array) {
        var shape = array.getShape();
        return fromNhwc(array.transpose(0, 2, 3, 1).flatten()
                .reshape(shape.get(0), shape.get(2), shape.get(3), shape.get(1)));
    }

    /** The view [N, C, H, W] of an array [N, H, W, C]. */
    public static NDArray fromNhwc(NDArray array) {
        return array.transpose(0, 3, 1, 2);
    }

    /** The view [N, H, W, C] of an array [N, C, H, W]. */
    public static NDArray toNhwc(NDArray array) {
        return array.transpose(0, 2, 3, 1);
    }

    /**
     * Convolution with the same stride and zero padding on both axes.
     *
     * @param x       [N, I, H, W]
     * @param kernel  [O, I, k, l]
     * @param bias    [O], or none
     * @param stride  of both axes
     * @param padding zeros on each side
     * @return [N, O, H', W']
     */
    public static NDArray conv2d(NDArray x, NDArray kernel, @Nullable NDArray bias, int stride, int padding) {
        return isPixel(x.getShape(), kernel.getShape(), padding)
                ? ofPixels(x, kernel, bias, padding)
                : convolve(x, kernel, bias, stride, padding, 1);
    }

    private static boolean isPixel(Shape x, Shape kernel, int padding) {
        return padding > 0 && x.get(2) == 1 && x.get(3) == 1 && kernel.get(2) == 2 * padding + 1 && kernel.get(
                3) == kernel.get(2);
    }

    /**
     * A picture of one pixel meets the middle of a larger kernel alone, and zeros the rest. Beside being less work, this has
     * a gradient that is the same in each call: that of the engine's convolution is not, for some numbers of channels.
     */
    private static NDArray ofPixels(NDArray x, NDArray kernel, @Nullable NDArray bias, int padding) {
        long number = x.getShape().get(0);
        var y = x.reshape(number, x.getShape().get(1))
                .matMul(kernel.get(":, :, " + padding + ", " + padding).transpose());
        return (bias == null ? y : y.add(bias)).reshape(number, kernel.getShape().get(0), 1, 1);
    }

    /**
     * Each channel with its own kernel.
     *
     * @param x       [N, C, H, W]
     * @param kernels [C, 1, k, l]
     * @param stride  of both axes
     * @param padding zeros on each side
     * @return [N, C, H', W']
     */
    public static NDArray depthwise(NDArray x, NDArray kernels, int stride, int padding) {
        return convolve(x, kernels, null, stride, padding, Math.toIntExact(kernels.getShape().get(0)));
    }

    private static NDArray convolve(NDArray x, NDArray kernel, @Nullable NDArray bias, int stride, int padding,
            int groups) {
        return Conv2d.conv2d(x, kernel, bias, new Shape(stride, stride), new Shape(padding, padding), NO_DILATION,
                groups).singletonOrThrow();
    }
}
