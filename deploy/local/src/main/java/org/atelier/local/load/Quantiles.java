package org.atelier.local.load;

import java.util.List;

/**
 * How values are spread; nearest rank, rounded to a hundredth.
 *
 * @param p50 half of them are at most this
 * @param p99 of a hundred, one is larger
 * @param max the largest
 */
public record Quantiles(double p50, double p99, double max) {
    private static final double MIDDLE = 0.5;
    private static final double NEARLY_ALL = 0.99;

    /** @param values at least one */
    static Quantiles of(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        return new Quantiles(at(sorted, MIDDLE), at(sorted, NEARLY_ALL), at(sorted, 1));
    }

    private static double at(List<Double> sorted, double share) {
        return rounded(sorted.get((int) Math.ceil(share * sorted.size()) - 1));
    }

    static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
