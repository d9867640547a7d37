package org.atelier.chaos.history;

import java.util.List;

/**
 * How numbers are spread.
 *
 * @param count how many there are; if 0, the others are 0 too
 * @param p50   the median (nearest rank)
 * @param p99   99 of 100 are not greater (nearest rank)
 * @param max   the greatest
 */
public record Spread(int count, double p50, double p99, double max) {
    /** Of these numbers. */
    public static Spread of(List<Double> numbers) {
        if (numbers.isEmpty()) {
            return new Spread(0, 0, 0, 0);
        }
        var sorted = numbers.stream().sorted().toList();
        return new Spread(sorted.size(), rank(sorted, 0.5), rank(sorted, 0.99), sorted.getLast());
    }

    private static double rank(List<Double> sorted, double share) {
        return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
    }
}
