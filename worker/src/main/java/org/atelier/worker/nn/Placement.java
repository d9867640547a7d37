package org.atelier.worker.nn;

/**
 * Where a picture lies in its frame: turned about its centre, then moved.
 *
 * @param right   in widths of the picture
 * @param down    likewise
 * @param degrees counter-clockwise
 */
public record Placement(double right, double down, double degrees) {
    /** Where the generator draws it by itself. */
    public static final Placement NONE = new Placement(0, 0, 0);

    /** @throws IllegalArgumentException if a number is not finite */
    public Placement {
        if (!Double.isFinite(right) || !Double.isFinite(down) || !Double.isFinite(degrees)) {
            throw new IllegalArgumentException("a placement has finite numbers, not " + right + ", " + down + ", "
                    + degrees);
        }
    }

    /** Whether it leaves the picture where it is. */
    public boolean isNone() {
        return right == 0 && down == 0 && degrees == 0;
    }
}
