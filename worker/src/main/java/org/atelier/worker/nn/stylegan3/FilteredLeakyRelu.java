package org.atelier.worker.nn.stylegan3;

import java.util.Arrays;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.tensor.Convolution;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.LeakyRelu;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;

/**
 * A leaky ReLU that makes no frequencies which its sampling rate cannot hold: upsample, filter, activate, filter,
 * downsample (StyleGAN3, section 3.2; NVlabs {@code filtered_lrelu}).
 *
 * <p>The engine has no such operator, and plain steps stuff zeros and write the fine picture several times. Here a filter
 * that also changes the rate is, along one axis, a product with a small matrix: a tile of rows (or columns) of the result
 * depends on a window of rows of the input, by the same matrix for every tile. Windows overlap, so that a tile goes
 * through both filters without a look at its neighbours, and strips of tiles are computed one after the other: the fine
 * picture is never there as a whole unless a gradient needs it. Channels stay last in memory throughout, as convolutions
 * want them.
 */
final class FilteredLeakyRelu {
    /** Fine rows or columns in a tile; more waste multiplications on zeros, fewer compute more of them twice. */
    private static final int FINE_TILE = 64;
    /** Numbers in the fine picture of one strip, about: 64 MiB. */
    private static final long STRIP = 16L << 20;

    private final int up;
    private final int down;
    private final int inputSize;
    private final int outputSize;
    private final int low;
    private final LeakyRelu activation;
    private final Tiles rows;
    private final Tiles columns;
    private final NDArray upRows;
    private final NDArray upColumns;
    private final NDArray downRows;
    private final NDArray downColumns;
    private final boolean separable;

    /**
     * Numbers of the operation.
     *
     * @param inputSize   width and height before, in pixels
     * @param outputSize  width and height after
     * @param up          fine pixels per pixel before
     * @param down        fine pixels per pixel after
     * @param paddingLow  zeros before the upsampled rows and columns; negative: cut off
     * @param gain        after the leaky ReLU and before its clamp
     */
    record Form(int inputSize, int outputSize, int up, int down, int paddingLow, double gain) {}

    /**
     * How an axis is cut.
     *
     * @param count   of tiles
     * @param outputs of a tile
     * @param fine    fine pixels that a tile computes
     * @param step    input pixels from tile to tile
     * @param window  input pixels that a tile looks at
     * @param first   input pixel, counted from the picture's edge, that the first tile begins with
     */
    private record Tiles(int count, int outputs, int fine, int step, int window, int first) {}

    /**
     * Prepares the operation.
     *
     * @param upFilter   taps, with sum 1, applied along both axes
     * @param downFilter [taps][1], applied along both axes, or [taps][taps]; with sum 1
     * @param activation without the gain
     * @param channels   of the picture
     * @param manager    owns the matrices
     */
    FilteredLeakyRelu(
            Form form,
            double[] upFilter,
            double[][] downFilter,
            LeakyRelu activation,
            long channels,
            NDManager manager) {
        this.up = form.up;
        this.down = form.down;
        this.inputSize = form.inputSize;
        this.outputSize = form.outputSize;
        this.low = form.paddingLow;
        this.activation = activation;
        this.separable = downFilter[0].length == 1;
        int downTaps = downFilter.length;
        this.rows = tiles(form.outputSize, downTaps, upFilter.length);
        double gain = form.gain;
        var axis = separable ? Arrays.stream(downFilter).mapToDouble(tap -> tap[0]).toArray() : new double[0];
        this.upRows = matrix(upMatrix(rows, upFilter, up), manager);
        if (separable) {
            this.columns = rows;
            this.downRows = matrix(downMatrix(rows, axis), manager);
            this.downColumns = downRows;
        } else {
            // The convolution after the activation wants whole rows: fine columns are computed once each.
            int fine = (form.outputSize - 1) * down + downTaps;
            this.columns = tilesOfFine(fine, upFilter.length);
            this.downRows = kernels(downFilter, channels, manager);
            this.downColumns = downRows;
        }
        this.upColumns = matrix(upMatrix(columns, upFilter, up * gain), manager);
    }

    /** Tiles of the result, each with all fine pixels that it depends on. */
    private Tiles tiles(int size, int downTaps, int upTaps) {
        int unit = up / gcd(up, down);
        int outputs = Math.max(unit, Math.min(Math.ceilDiv(size, unit), FINE_TILE / down / unit) * unit);
        int fine = (outputs - 1) * down + downTaps;
        return cut(Math.ceilDiv(size, outputs), outputs, fine, outputs * down / up, upTaps);
    }

    /** Tiles of the fine picture. */
    private Tiles tilesOfFine(int size, int upTaps) {
        int fine = Math.max(1, Math.min(Math.ceilDiv(size, up), FINE_TILE / up)) * up;
        return cut(Math.ceilDiv(size, fine), fine, fine, fine / up, upTaps);
    }

    private Tiles cut(int count, int outputs, int fine, int step, int upTaps) {
        int first = Math.ceilDiv(-low, up);
        int last = Math.floorDiv(fine - 1 + upTaps - 1 - low, up);
        return new Tiles(count, outputs, fine, step, Math.max(step, last - first + 1), first);
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    /** Fine pixels of a tile from its window: {@code fine[o] = gain * sum over k of filter[taps-1-k] * stuffed[o+k-low]}. */
    private double[][] upMatrix(Tiles tiles, double[] filter, double gain) {
        var matrix = new double[tiles.fine][tiles.window];
        for (int o = 0; o < tiles.fine; o++) {
            for (int k = 0; k < filter.length; k++) {
                int stuffed = o + k - low;
                if (Math.floorMod(stuffed, up) == 0) {
                    matrix[o][Math.floorDiv(stuffed, up) - tiles.first] = gain * filter[filter.length - 1 - k];
                }
            }
        }
        return matrix;
    }

    /** The result of a tile from its fine pixels. */
    private double[][] downMatrix(Tiles tiles, double[] filter) {
        var matrix = new double[tiles.outputs][tiles.fine];
        for (int o = 0; o < tiles.outputs; o++) {
            for (int k = 0; k < filter.length; k++) {
                matrix[o][o * down + k] = filter[filter.length - 1 - k];
            }
        }
        return matrix;
    }

    private static NDArray matrix(double[][] matrix, NDManager manager) {
        var flat = new float[matrix.length * matrix[0].length];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = (float) matrix[i / matrix[0].length][i % matrix[0].length];
        }
        return HostArrays.of(manager, flat, new Shape(1, matrix.length, matrix[0].length));
    }

    private static NDArray kernels(double[][] filter, long channels, NDManager manager) {
        int taps = filter.length;
        var flat = new float[taps * taps];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = (float) filter[taps - 1 - i / taps][taps - 1 - i % taps];
        }
        try (var one = HostArrays.of(manager, flat, new Shape(1, 1, taps, taps))) {
            return one.repeat(0, channels);
        }
    }

    /**
     * Applies it.
     *
     * @param x [N, C, inputSize, inputSize]
     * @return [N, C, outputSize, outputSize]
     */
    NDArray apply(NDArray x) {
        Shapes.require("x [N, C, H, W]", x, Shapes.ANY, Shapes.ANY, inputSize, inputSize);
        long n = x.getShape().get(0);
        long channels = x.getShape().get(1);
        return Scope.compute(() -> {
            var windows = windows(windows(Convolution.toNhwc(x), 1, rows), 3, columns);
            long fine = n * rows.fine * columns.count * columns.fine * channels;
            int strip = Math.toIntExact(Math.clamp(STRIP / fine, 1, rows.count));
            var strips = new NDList();
            for (int from = 0; from < rows.count; from += strip) {
                int to = Math.min(from + strip, rows.count);
                var part = along(windows, 1, from, to);
                strips.add(Scope.compute(() -> strip(part)));
            }
            var y = strips.size() == 1 ? strips.singletonOrThrow() : NDArrays.concat(strips, 1);
            return Convolution.fromNhwc(y.get(":, :" + outputSize + ", :" + outputSize));
        });
    }

    /**
     * Overlapping windows along an axis.
     *
     * @param x [..., size, ...]
     * @return [..., tiles, window, ...]
     */
    private NDArray windows(NDArray x, int axis, Tiles tiles) {
        var shape = x.getShape();
        int overlap = tiles.window - tiles.step;
        int extra = Math.ceilDiv(overlap, tiles.step);
        long needed = (long) (tiles.count + extra) * tiles.step;
        var padded = cut(x, axis, tiles.first, tiles.first + needed);
        var parts = new NDList();
        for (int i = 0; i <= extra; i++) {
            long width = Math.min(tiles.step, tiles.window - (long) i * tiles.step);
            var part = along(padded, axis, (long) i * tiles.step, (long) (i + tiles.count) * tiles.step)
                    .reshape(shape.slice(0, axis).add(tiles.count, tiles.step).addAll(shape.slice(axis + 1)));
            parts.add(along(part, axis + 1, 0, width));
        }
        return NDArrays.concat(parts, axis + 1);
    }

    /** A range of an axis, with zeros where it goes beyond the ends. */
    private static NDArray cut(NDArray x, int axis, long from, long to) {
        long size = x.getShape().get(axis);
        var inside = along(x, axis, Math.max(0, from), Math.min(size, to));
        var parts = new NDList();
        if (from < 0) {
            parts.add(zeros(inside, axis, -from));
        }
        parts.add(inside);
        if (to > size) {
            parts.add(zeros(inside, axis, to - size));
        }
        return NDArrays.concat(parts, axis);
    }

    private static NDArray zeros(NDArray like, int axis, long size) {
        var shape = like.getShape().getShape().clone();
        shape[axis] = size;
        return like.getManager().zeros(new Shape(shape));
    }

    private static NDArray along(NDArray x, int axis, long from, long to) {
        return x.get(":, ".repeat(axis) + from + ":" + to);
    }

    /**
     * Computes a strip of tiles.
     *
     * @param windows [N, tiles, window, tiles, window, C]
     * @return [N, rows, columns, C]
     */
    private NDArray strip(NDArray windows) {
        long n = windows.getShape().get(0);
        long strip = windows.getShape().get(1);
        long channels = windows.getShape().get(5);
        long acrossFine = (long) columns.count * columns.fine;
        var wide = upColumns.matMul(windows.reshape(n * strip * rows.window * columns.count, columns.window, channels));
        var fine = activation.apply(upRows.matMul(wide.reshape(n * strip, rows.window, acrossFine * channels)));
        if (!separable) {
            var picture = Convolution.fromNhwc(fine.reshape(n * strip, rows.fine, acrossFine, channels));
            var y = Convolution.toNhwc(Convolution.depthwise(picture, downRows, down, 0));
            return y.reshape(n, strip * rows.outputs, y.getShape().get(2), channels);
        }
        var thin = downRows.matMul(fine);
        var y = downColumns.matMul(thin.reshape(n * strip * rows.outputs * columns.count, columns.fine, channels));
        return y.reshape(n, strip * rows.outputs, (long) columns.count * columns.outputs, channels);
    }
}
