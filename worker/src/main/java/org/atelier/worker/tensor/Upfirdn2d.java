package org.atelier.worker.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * Upsample, filter, downsample: zeros are put between the pixels, the picture is padded, filtered with a finite impulse
 * response and thinned out, in this order (NVlabs {@code upfirdn2d.py}).
 *
 * <p>This is the definition, in plain steps; networks that need it fast have their own form and are tested against this.
 *
 * @param filter  [taps], applied along both axes, or [rows, columns]
 * @param up      pixels per pixel
 * @param down    pixels for one pixel
 * @param padding zeros around the upsampled picture
 * @param flip    whether the filter is correlated as it is; otherwise it is convolved, which is the usual meaning
 * @param gain    of the whole operation
 */
public record Upfirdn2d(NDArray filter, Factor up, Factor down, Padding padding, boolean flip, double gain) {
    /**
     * A whole factor for each axis.
     *
     * @param x along the width
     * @param y along the height
     */
    public record Factor(int x, int y) {
        /** Leaves the size as it is. */
        public static final Factor ONE = new Factor(1, 1);
    }

    /** Pixels added on each side; negative ones are cut off. */
    public record Padding(int left, int right, int top, int bottom) {}

    /**
     * Upsampling by a whole factor that keeps the brightness.
     *
     * @param filter [taps] or [rows, columns], with sum 1
     */
    public static Upfirdn2d upsample(NDArray filter, int factor) {
        var size = size(filter);
        var padding = new Padding((size.x + factor - 1) / 2, (size.x - factor) / 2, (size.y + factor - 1) / 2, (size.y
                - factor) / 2);
        return new Upfirdn2d(filter, new Factor(factor, factor), Factor.ONE, padding, false, factor * factor);
    }

    /** Downsampling by a whole factor; the filter is as for {@link #upsample}. */
    public static Upfirdn2d downsample(NDArray filter, int factor) {
        var size = size(filter);
        var padding = new Padding((size.x - factor + 1) / 2, (size.x - factor) / 2, (size.y - factor + 1) / 2, (size.y
                - factor) / 2);
        return new Upfirdn2d(filter, Factor.ONE, new Factor(factor, factor), padding, false, 1);
    }

    private static Factor size(NDArray filter) {
        var shape = filter.getShape();
        return new Factor(Math.toIntExact(shape.get(shape.dimension() - 1)), Math.toIntExact(shape.get(0)));
    }

    /**
     * Applies it.
     *
     * @param x [N, C, H, W]
     * @return [N, C, H', W']
     */
    public NDArray apply(NDArray x) {
        return Scope.compute(() -> thin(filtered(padded(spread(x)))));
    }

    private NDArray spread(NDArray x) {
        var shape = x.getShape();
        long n = shape.get(0);
        long c = shape.get(1);
        long h = shape.get(2);
        long w = shape.get(3);
        return x.reshape(n, c, h, 1, w, 1)
                .pad(new Shape(0, up.x - 1, 0, 0, 0, up.y - 1, 0, 0, 0, 0, 0, 0), 0)
                .reshape(n, c, h * up.y, w * up.x);
    }

    private NDArray padded(NDArray x) {
        var larger = x.pad(new Shape(Math.max(padding.left, 0), Math.max(padding.right, 0), Math.max(padding.top, 0),
                Math
                        .max(padding.bottom, 0)), 0);
        long height = larger.getShape().get(2);
        long width = larger.getShape().get(3);
        return larger.get(":, :, " + Math.max(-padding.top, 0) + ":" + (height + Math.min(padding.bottom, 0)) + ", "
                + Math.max(-padding.left, 0) + ":" + (width + Math.min(padding.right, 0)));
    }

    private NDArray filtered(NDArray x) {
        long channels = x.getShape().get(1);
        var taps = flip ? filter : reversed(filter);
        if (taps.getShape().dimension() == 1) {
            var axis = Scalars.mul(taps.toType(DataType.FLOAT32, false), Math.sqrt(gain));
            var rows = Convolution.depthwise(x, kernels(axis.reshape(1, -1), channels), 1, 0);
            return Convolution.depthwise(rows, kernels(axis.reshape(-1, 1), channels), 1, 0);
        }
        return Convolution.depthwise(x, kernels(Scalars.mul(taps, gain), channels), 1, 0);
    }

    private static NDArray reversed(NDArray filter) {
        return filter.getShape().dimension() == 1 ? filter.flip(0) : filter.flip(0, 1);
    }

    private static NDArray kernels(NDArray taps, long channels) {
        var shape = taps.getShape();
        return taps.reshape(1, 1, shape.get(0), shape.get(1)).repeat(0, channels);
    }

    private NDArray thin(NDArray x) {
        return down.equals(Factor.ONE) ? x : x.get(":, :, ::" + down.y + ", ::" + down.x);
    }
}
