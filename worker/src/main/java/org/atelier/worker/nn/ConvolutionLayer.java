package org.atelier.worker.nn;

import ai.djl.ndarray.NDArray;
import org.atelier.worker.tensor.Convolution;
import org.atelier.worker.tensor.Derived;
import org.jspecify.annotations.Nullable;

/** A convolution with the same stride and padding on both axes. */
public final class ConvolutionLayer {
    private final Derived kernel;
    private final @Nullable Derived bias;
    private final int stride;
    private final int padding;

    private ConvolutionLayer(Derived kernel, @Nullable Derived bias, Form form) {
        this.kernel = kernel;
        this.bias = bias;
        this.stride = form.stride;
        this.padding = form.padding;
    }

    /**
     * Sizes of a convolution with a square kernel.
     *
     * @param inputs  channels before
     * @param outputs channels after
     * @param size    of the kernel
     * @param stride  of both axes
     * @param padding zeros on each side
     */
    public record Form(long inputs, long outputs, int size, int stride, int padding) {
        /** A kernel of an odd size, padded so that a stride of 1 keeps the size. */
        public Form(long inputs, long outputs, int size, int stride) {
            this(inputs, outputs, size, stride, size / 2);
        }
    }

    /** Loads {@code weight} [O, I, k, k] and {@code bias} [O]; runs channels-last. */
    public static ConvolutionLayer withBias(WeightLoader loader, Form form) {
        return new ConvolutionLayer(Derived.of(weight(loader, form), Convolution::channelsLast), Derived.of(loader
                .take("bias", form.outputs), NDArray::duplicate), form);
    }

    /** Loads {@code weight} [O, I, k, k] and folds the batch normalisation after it into it; runs channels-last. */
    public static ConvolutionLayer normalized(WeightLoader loader, Form form, WeightLoader normalization) {
        var after = new BatchNormalization(normalization, form.outputs);
        return new ConvolutionLayer(after.folded(weight(loader, form)), after.foldedBias(), form);
    }

    /** Loads {@code weight} [O, I, k, k] and uses it as it is: rows of one channel after the other, no bias. */
    public static ConvolutionLayer plain(WeightLoader loader, Form form) {
        return new ConvolutionLayer(Derived.of(weight(loader, form), NDArray::duplicate), null, form);
    }

    private static NDArray weight(WeightLoader loader, Form form) {
        return loader.take("weight", form.outputs, form.inputs, form.size, form.size);
    }

    /**
     * Applies the layer.
     *
     * @param x [N, I, H, W]
     * @return [N, O, H', W']
     */
    public NDArray apply(NDArray x) {
        return Convolution.conv2d(x, kernel.get(), bias == null ? null : bias.get(), stride, padding);
    }
}
