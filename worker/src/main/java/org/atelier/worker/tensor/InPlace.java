package org.atelier.worker.tensor;

import ai.djl.ndarray.NDArray;

/** Overwrites arrays where they lie: whoever holds one sees its new numbers. */
public final class InPlace {
    private InPlace() {}

    /**
     * Gives an array the numbers of another.
     *
     * @param target finite; it is multiplied by 0
     * @param value  of a shape that fits
     * @return the target
     */
    public static NDArray assign(NDArray target, NDArray value) {
        return target.muli(0).addi(value);
    }
}
