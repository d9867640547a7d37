package org.atelier.worker.tensor;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * A linear map along one axis of a picture, as exact weights: {@code y[o] = sum over i of weights[o][i] * x[i]}. Resizing,
 * pooling and cropping are such maps, and a chain of them is one.
 *
 * @param weights [outputs][inputs]
 */
public record AxisFilter(double[][] weights) {
    /** Kernel parameter of bicubic interpolation in PyTorch and OpenCV. */
    private static final double BICUBIC = -0.75;
    /** Kernel parameter of bicubic interpolation with antialiasing, in PyTorch and Pillow. */
    private static final double BICUBIC_ANTIALIASED = -0.5;
    /** Half the width of the bicubic kernel, in pixels. */
    private static final int BICUBIC_RADIUS = 2;

    /** Half the width of the Lanczos kernel, in pixels. */
    private static final int LANCZOS_RADIUS = 3;

    /** How the ends of the axes correspond in interpolation. */
    public enum Ends {
        /** The outer edges of the first and last pixels fall together. */
        EDGES,
        /** The centres of the first and last pixels fall together ({@code align_corners=True}). */
        CENTRES
    }

    /** Leaves everything as it is. */
    public static AxisFilter identity(int size) {
        return crop(size, 0, size);
    }

    /** Keeps a range. */
    public static AxisFilter crop(int inputs, int from, int to) {
        var weights = new double[to - from][inputs];
        for (int o = 0; o < weights.length; o++) {
            weights[o][from + o] = 1;
        }
        return new AxisFilter(weights);
    }

    /**
     * The mean over exactly the stretch of the axis that an output covers, with fractions of pixels at its ends. Nearest
     * upsampling by k followed by average pooling over n*k/outputs pixels is the same.
     */
    public static AxisFilter box(int inputs, int outputs) {
        double scale = (double) inputs / outputs;
        var weights = new double[outputs][inputs];
        for (int o = 0; o < outputs; o++) {
            double from = o * scale;
            double to = from + scale;
            for (int i = (int) from; i < Math.min(inputs, (int) Math.ceil(to)); i++) {
                weights[o][i] = Math.max(0, Math.min(i + 1, to) - Math.max(i, from)) / scale;
            }
        }
        return new AxisFilter(weights);
    }

    /** The mean over all pixels that an output touches: PyTorch's adaptive average pooling, its {@code area} resize. */
    public static AxisFilter adaptiveAverage(int inputs, int outputs) {
        var weights = new double[outputs][inputs];
        for (int o = 0; o < outputs; o++) {
            int from = Math.toIntExact((long) o * inputs / outputs);
            int to = Math.toIntExact(Math.ceilDiv((o + 1L) * inputs, outputs));
            Arrays.fill(weights[o], from, to, 1.0 / (to - from));
        }
        return new AxisFilter(weights);
    }

    /** Linear interpolation of the two nearest pixels, even when it makes the picture much smaller. */
    public static AxisFilter bilinear(int inputs, int outputs, Ends ends) {
        var weights = new double[outputs][inputs];
        for (int o = 0; o < outputs; o++) {
            double centre = centre(o, inputs, outputs, ends);
            int nearest = (int) Math.floor(centre);
            for (int i = nearest; i <= nearest + 1; i++) {
                weights[o][Math.clamp(i, 0, inputs - 1)] += 1 - Math.abs(centre - i);
            }
        }
        return new AxisFilter(weights);
    }

    private static double centre(int output, int inputs, int outputs, Ends ends) {
        return switch (ends) {
            case EDGES -> (output + 0.5) * inputs / outputs - 0.5;
            case CENTRES -> outputs == 1 ? 0 : output * (inputs - 1.0) / (outputs - 1);
        };
    }

    /** Bicubic interpolation of the four nearest pixels, even when it makes the picture much smaller. */
    public static AxisFilter bicubic(int inputs, int outputs, Ends ends) {
        var weights = new double[outputs][inputs];
        for (int o = 0; o < outputs; o++) {
            double centre = centre(o, inputs, outputs, ends);
            int nearest = (int) Math.floor(centre);
            for (int i = nearest - 1; i <= nearest + BICUBIC_RADIUS; i++) {
                weights[o][Math.clamp(i, 0, inputs - 1)] += cubic(centre - i, BICUBIC);
            }
        }
        return new AxisFilter(weights);
    }

    /** Bicubic interpolation whose kernel grows with the factor by which the picture shrinks. */
    public static AxisFilter bicubicAntialiased(int inputs, int outputs) {
        return antialiased(inputs, outputs, BICUBIC_RADIUS, x -> cubic(x, BICUBIC_ANTIALIASED));
    }

    /** Linear interpolation whose kernel, a triangle, grows with the factor by which the picture shrinks. */
    public static AxisFilter bilinearAntialiased(int inputs, int outputs) {
        return antialiased(inputs, outputs, 1, x -> Math.max(0, 1 - Math.abs(x)));
    }

    /** Lanczos interpolation with three lobes, antialiased: Pillow's {@code LANCZOS}, once {@code ANTIALIAS}. */
    public static AxisFilter lanczos(int inputs, int outputs) {
        return antialiased(inputs, outputs, LANCZOS_RADIUS, x -> Math.abs(x) < LANCZOS_RADIUS
                ? sinc(x) * sinc(x / LANCZOS_RADIUS)
                : 0);
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }

    private static AxisFilter antialiased(int inputs, int outputs, double radius, DoubleUnaryOperator kernel) {
        double scale = (double) inputs / outputs;
        double stretch = Math.max(1, scale);
        var weights = new double[outputs][inputs];
        for (int o = 0; o < outputs; o++) {
            double centre = (o + 0.5) * scale;
            int from = Math.max(0, (int) (centre - radius * stretch + 0.5));
            int to = Math.min(inputs, (int) (centre + radius * stretch + 0.5));
            double sum = 0;
            for (int i = from; i < to; i++) {
                weights[o][i] = kernel.applyAsDouble((i + 0.5 - centre) / stretch);
                sum += weights[o][i];
            }
            for (int i = from; i < to; i++) {
                weights[o][i] /= sum;
            }
        }
        return new AxisFilter(weights);
    }

    /** Cubic convolution kernel (Keys 1981). */
    private static double cubic(double x, double a) {
        double d = Math.abs(x);
        if (d < 1) {
            return ((a + 2) * d - (a + 3)) * d * d + 1;
        }
        return d < BICUBIC_RADIUS ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
    }

    /**
     * Upsampling by 2 that keeps the brightness, with zeros beyond the ends: {@link Upfirdn2d#upsample} along one axis.
     *
     * @param taps of the filter; they are normalised to sum 1
     */
    public static AxisFilter upsample2(int inputs, double... taps) {
        double gain = 2 / Arrays.stream(taps).sum();
        int before = (taps.length + 1) / 2;
        var weights = new double[2 * inputs][inputs];
        for (int o = 0; o < weights.length; o++) {
            for (int k = 0; k < taps.length; k++) {
                int zeroStuffed = o + k - before;
                if (zeroStuffed >= 0 && zeroStuffed < 2 * inputs && zeroStuffed % 2 == 0) {
                    weights[o][zeroStuffed / 2] = gain * taps[taps.length - 1 - k];
                }
            }
        }
        return new AxisFilter(weights);
    }

    /** Size of the axis before. */
    public int inputs() {
        return weights[0].length;
    }

    /** Size of the axis after. */
    public int outputs() {
        return weights.length;
    }

    /** This map and then another, as one. */
    public AxisFilter then(AxisFilter next) {
        if (next.inputs() != outputs()) {
            throw new IllegalArgumentException("a map of " + next.inputs() + " pixels cannot follow one to "
                    + outputs());
        }
        var product = new double[next.outputs()][inputs()];
        for (int o = 0; o < product.length; o++) {
            for (int m = 0; m < outputs(); m++) {
                double factor = next.weights[o][m];
                for (int i = 0; factor != 0 && i < inputs(); i++) {
                    product[o][i] += factor * weights[m][i];
                }
            }
        }
        return new AxisFilter(product);
    }

    /** Whether it leaves everything as it is. */
    boolean isIdentity() {
        return inputs() == outputs() && Arrays.deepEquals(weights, identity(inputs()).weights);
    }

    /** The weights as an array [outputs, inputs]. */
    NDArray toArray(NDManager manager) {
        var flat = new float[outputs() * inputs()];
        for (int o = 0; o < outputs(); o++) {
            for (int i = 0; i < inputs(); i++) {
                flat[o * inputs() + i] = (float) weights[o][i];
            }
        }
        return HostArrays.of(manager, flat, new Shape(outputs(), inputs()));
    }
}
