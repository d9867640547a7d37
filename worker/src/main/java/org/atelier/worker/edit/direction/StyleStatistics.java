package org.atelier.worker.edit.direction;

import ai.djl.ndarray.NDArray;
import org.atelier.worker.tensor.Precision;
import org.atelier.worker.tensor.Scope;

/** Mean and standard deviation of each channel, gathered batch by batch. */
public final class StyleStatistics {
    private final double[] sums;
    private final double[] squares;
    private long count;

    /** Nothing yet. */
    public StyleStatistics(int channels) {
        this(new double[channels], new double[channels], 0);
    }

    /** What was gathered before: see {@link #sums}, {@link #squares} and {@link #count}. */
    StyleStatistics(double[] sums, double[] squares, long count) {
        this.sums = sums;
        this.squares = squares;
        this.count = count;
    }

    /**
     * Adds styles.
     *
     * @param styles [N, K]
     */
    public void add(NDArray styles) {
        Scope.run(() -> {
            var exact = Precision.toDouble(styles);
            add(exact.sum(new int[]{0}).toDoubleArray(), sums);
            add(exact.square().sum(new int[]{0}).toDoubleArray(), squares);
        });
        count += styles.getShape().get(0);
    }

    private static void add(double[] values, double[] target) {
        for (int i = 0; i < values.length; i++) {
            target[i] += values[i];
        }
    }

    /** The mean of each channel: [K]. */
    public float[] mean() {
        var mean = new float[sums.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (sums[i] / count);
        }
        return mean;
    }

    /** The standard deviation of each channel over the samples, divided by their number (NumPy's {@code std}): [K]. */
    public float[] deviation() {
        var deviation = new float[sums.length];
        for (int i = 0; i < deviation.length; i++) {
            double mean = sums[i] / count;
            deviation[i] = (float) Math.sqrt(Math.max(0, squares[i] / count - mean * mean));
        }
        return deviation;
    }

    double[] sums() {
        return sums;
    }

    double[] squares() {
        return squares;
    }

    long count() {
        return count;
    }
}
