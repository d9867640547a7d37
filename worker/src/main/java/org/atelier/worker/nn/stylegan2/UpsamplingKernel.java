package org.atelier.worker.nn.stylegan2;

import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.tensor.Convolution;
import org.atelier.worker.tensor.Derived;
import org.atelier.worker.tensor.HostArrays;

/**
 * A transposed 3x3 convolution of stride 2 and the low-pass filter after it (StyleGAN2, appendix B; NVlabs
 * {@code conv2d_resample} with {@code up=2}).
 *
 * <p>The engine has no transposed convolution. With stride 2, along one axis, {@code u[2i] = w2 x[i-1] + w0 x[i]} and
 * {@code u[2i+1] = w1 x[i]}: even and odd rows are ordinary convolutions of x, with two taps and one. Both column phases
 * come out of one convolution, as the two halves of its channels, so that in channels-last order they already lie where
 * they belong; stacking even rows on odd ones completes u. That is 12 multiplications where the definition has 9 and zero
 * stuffing has 36.
 */
final class UpsamplingKernel implements ModulatedConvolution.Kernel {
    private final Derived evenRows;
    private final Derived oddRows;
    private final NDArray lowPass;

    /**
     * Prepares the convolution.
     *
     * @param weight  [O, I, 3, 3]
     * @param taps    of the filter, four
     * @param manager owns the filter
     */
    UpsamplingKernel(NDArray weight, List<Double> taps, NDManager manager) {
        this.evenRows = Derived.of(weight, w -> Convolution.channelsLast(NDArrays.concat(new NDList(columns(row(w, 2)),
                columns(row(w, 0))), 2)));
        this.oddRows = Derived.of(weight, w -> Convolution.channelsLast(columns(row(w, 1))));
        this.lowPass = lowPass(weight.getShape().get(0), taps, manager);
    }

    /** One row of a kernel: [O, I, 1, 3]. */
    private static NDArray row(NDArray weight, int k) {
        return weight.get(":, :, " + k + ":" + (k + 1));
    }

    /** Both column phases of a row of a kernel: even columns w2, w0 and odd columns 0, w1 are the halves of [2O, I, 1, 2]. */
    private static NDArray columns(NDArray row) {
        var w0 = row.get(":, :, :, 0:1");
        var w1 = row.get(":, :, :, 1:2");
        var w2 = row.get(":, :, :, 2:3");
        var even = NDArrays.concat(new NDList(w2, w0), 3);
        var odd = NDArrays.concat(new NDList(w1.zerosLike(), w1), 3);
        return NDArrays.concat(new NDList(even, odd), 0);
    }

    /**
     * The filter as a depthwise kernel [O, 1, 5, 5]. u, as {@link #apply} lays it out, has one row too many above and one
     * column too many on the right, both zero; a fifth, zero tap on that side makes a padding of one pixel right for both.
     */
    private static NDArray lowPass(long channels, List<Double> taps, NDManager manager) {
        double sum = taps.stream().mapToDouble(Double::doubleValue).sum();
        int size = taps.size();
        var kernel = new float[(size + 1) * (size + 1)];
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                double tap = taps.get(size - 1 - y) * taps.get(size - 1 - x) * 4 / (sum * sum);
                kernel[(y + 1) * (size + 1) + x] = (float) tap;
            }
        }
        try (var one = HostArrays.of(manager, kernel, new Shape(1, 1, size + 1, size + 1))) {
            return one.repeat(0, channels);
        }
    }

    @Override
    public NDArray apply(NDArray x) {
        long n = x.getShape().get(0);
        long h = x.getShape().get(2);
        long w = x.getShape().get(3);
        long channels = lowPass.getShape().get(0);
        var even = Convolution.toNhwc(Convolution.conv2d(x, evenRows.get(), null, 1, 1)); // u[2i], i = 0..H
        var odd = Convolution.toNhwc(Convolution.conv2d(x, oddRows.get(), null, 1, 1)); // u[2i-1], i = 0..H+1
        var rows = NDArrays.stack(new NDList(odd.get(":, :" + (h + 1)), even), 2);
        var u = rows.reshape(n, 2 * h + 2, 2 * w + 2, channels);
        return Convolution.depthwise(Convolution.fromNhwc(u), lowPass, 1, 1);
    }
}
