package org.atelier.worker.nn;

import java.util.Set;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** Named tensors, wherever they come from. */
public interface Weights {
    /** All names. */
    Set<String> names();

    /**
     * The shape of a tensor.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    Shape shape(String name);

    /**
     * A tensor as float32, whatever it is stored as.
     *
     * @param manager owns the array and says on which device it is
     * @throws IllegalArgumentException if there is none of that name
     */
    NDArray read(String name, NDManager manager);
}
