package org.atelier.worker.checkpoint.value;

/**
 * How many values are no finite numbers.
 *
 * @param nans       values that are not a number
 * @param infinities values that are infinite, or too large for float32
 */
public record NonFinite(long nans, long infinities) {
    /** Counts in values that were read. */
    public static NonFinite in(float... values) {
        long nans = 0;
        long infinities = 0;
        for (float value : values) {
            if (Float.isNaN(value)) {
                nans++;
            } else if (Float.isInfinite(value)) {
                infinities++;
            }
        }
        return new NonFinite(nans, infinities);
    }

    /** Whether there is one. */
    public boolean any() {
        return nans + infinities > 0;
    }

    @Override
    public String toString() {
        return nans + " NaN, " + infinities + " infinite";
    }
}
