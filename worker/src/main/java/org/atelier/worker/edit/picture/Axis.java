package org.atelier.worker.edit.picture;

import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * A linear axis with marks at 1, 2 or 5 times a power of ten.
 *
 * @param low  value at its beginning
 * @param high value at its end, above {@code low}
 * @param step between two marks
 */
record Axis(double low, double high, double step) {
    private static final double ROOM = 0.05;
    /** So that a mark that is hit but for rounding is still there. */
    private static final double ROUNDING = 1e-9;

    /**
     * The axis that shows some values with a little room around them.
     *
     * @param values at least one, all finite
     * @param marks  about how many
     */
    static Axis around(double[] values, int marks) {
        double low = DoubleStream.of(values).min().orElseThrow();
        double high = DoubleStream.of(values).max().orElseThrow();
        double room = high > low ? (high - low) * ROOM : Math.max(Math.abs(high), 1) * ROOM;
        return between(low - room, high + room, marks);
    }

    /** The axis from one value to a larger one. */
    static Axis between(double low, double high, int marks) {
        double rough = (high - low) / marks;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = DoubleStream.of(1, 2, 5, 10).map(factor -> factor * power).filter(candidate -> candidate >= rough
                * (1 - ROUNDING)).findFirst().orElse(10 * power);
        return new Axis(low, high, step);
    }

    /** Where the marks are, from the lowest. */
    double[] marks() {
        long first = (long) Math.ceil(low / step - ROUNDING);
        long last = (long) Math.floor(high / step + ROUNDING);
        return LongStream.rangeClosed(first, last).mapToDouble(mark -> mark * step).toArray();
    }

    /** Where a value is: 0 at the beginning, 1 at the end. */
    double place(double value) {
        return (value - low) / (high - low);
    }

    /** A mark in words, with as many digits as tell it from its neighbours. */
    String text(double mark) {
        double largest = Math.max(Math.abs(low), Math.abs(high));
        if (largest >= 1e6 || step < 1e-6) {
            return String.format(Locale.ROOT, "%.1e", mark);
        }
        int digits = Math.max(0, (int) -Math.floor(Math.log10(step) + ROUNDING));
        return String.format(Locale.ROOT, "%." + digits + "f", mark + 0.0);
    }
}
