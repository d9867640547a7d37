package org.atelier.worker.tensor;

import java.util.Arrays;

import ai.djl.ndarray.NDArray;

/** Checks shapes where arrays enter a function, in the axis letters of its documentation. */
public final class Shapes {
    /** A size that is not checked. */
    public static final long ANY = -1;

    private Shapes() {}

    /**
     * Requires a shape.
     *
     * @param what  name and axis letters for the message, for example {@code "w [N, L, C]"}
     * @param array the array
     * @param sizes wanted size of each axis, {@link #ANY} where it does not matter
     * @throws IllegalArgumentException if the array has another shape
     */
    public static void require(String what, NDArray array, long... sizes) {
        var actual = array.getShape().getShape();
        boolean fits = actual.length == sizes.length;
        for (int axis = 0; fits && axis < sizes.length; axis++) {
            fits = sizes[axis] == ANY || sizes[axis] == actual[axis];
        }
        if (!fits) {
            throw new IllegalArgumentException(what + " must have the shape " + text(sizes) + ", but has " + text(
                    actual));
        }
    }

    /** A shape as people write it: {@code [1, ?, 512]}. */
    public static String text(long... sizes) {
        return Arrays.toString(sizes).replace(Long.toString(ANY), "?");
    }
}
