package org.atelier.worker.edit.delta;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The axes of a covariance, the longest first.
 *
 * @param axes       of length 1, [K, C]
 * @param deviations along them, [K]
 * @param width      C
 */
record PrincipalAxes(double[] axes, double[] deviations, int width) {
    private static final int SWEEPS = 50;
    private static final double TOLERANCE = 1e-22;

    /**
     * The axes by the cyclic Jacobi method (Golub and Van Loan, "Matrix Computations", 8.5).
     *
     * @param covariance [C, C], symmetric
     * @param least      deviation that an axis must have, as a share of the greatest
     */
    static PrincipalAxes of(double[] covariance, int width, double least) {
        var a = covariance.clone();
        var vectors = new double[width * width]; // a row each
        for (int i = 0; i < width; i++) {
            vectors[i * width + i] = 1;
        }
        for (int sweep = 0; sweep < SWEEPS && offDiagonal(a, width) > TOLERANCE; sweep++) {
            for (int p = 0; p < width; p++) {
                for (int q = p + 1; q < width; q++) {
                    rotate(a, vectors, width, p, q);
                }
            }
        }
        var order = IntStream.range(0, width)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -a[i * width + i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double longest = Math.sqrt(Math.max(0, a[order[0] * width + order[0]]));
        var kept = IntStream.of(order)
                .filter(i -> a[i * width + i] > 0 && Math.sqrt(a[i * width + i]) > least * longest)
                .toArray();
        var axes = new double[kept.length * width];
        var deviations = new double[kept.length];
        for (int k = 0; k < kept.length; k++) {
            System.arraycopy(vectors, kept[k] * width, axes, k * width, width);
            deviations[k] = Math.sqrt(a[kept[k] * width + kept[k]]);
        }
        return new PrincipalAxes(axes, deviations, width);
    }

    /** The squares beside the diagonal as a share of all. */
    private static double offDiagonal(double[] a, int width) {
        double beside = 0;
        double all = 0;
        for (int i = 0; i < a.length; i++) {
            double square = a[i] * a[i];
            all += square;
            beside += i / width == i % width ? 0 : square;
        }
        return all == 0 ? 0 : beside / all;
    }

    private static void rotate(double[] a, double[] vectors, int width, int p, int q) {
        double between = a[p * width + q];
        if (between == 0) {
            return;
        }
        double theta = (a[q * width + q] - a[p * width + p]) / (2 * between);
        double tangent = Math.copySign(1, theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        double cosine = 1 / Math.sqrt(tangent * tangent + 1);
        double sine = tangent * cosine;
        rows(a, width, p, q, cosine, sine);
        for (int row = 0; row < width; row++) {
            double first = a[row * width + p];
            double second = a[row * width + q];
            a[row * width + p] = cosine * first - sine * second;
            a[row * width + q] = sine * first + cosine * second;
        }
        rows(vectors, width, p, q, cosine, sine);
    }

    private static void rows(double[] a, int width, int p, int q, double cosine, double sine) {
        for (int column = 0; column < width; column++) {
            double first = a[p * width + column];
            double second = a[q * width + column];
            a[p * width + column] = cosine * first - sine * second;
            a[q * width + column] = sine * first + cosine * second;
        }
    }

    /**
     * The axes times a power of their deviations.
     *
     * @return [K, C]
     */
    double[] scaled(int power) {
        var scaled = axes.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= Math.pow(deviations[i / width], power);
        }
        return scaled;
    }
}
