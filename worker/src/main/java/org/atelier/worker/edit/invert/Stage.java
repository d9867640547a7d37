package org.atelier.worker.edit.invert;

import java.util.LinkedHashMap;
import java.util.Map;

import ai.djl.ndarray.NDArray;
import org.atelier.worker.nn.Generator;

/** A part of an inversion that goes step by step. */
interface Stage extends AutoCloseable {
    /** Prefix of the optimiser's arrays in the state. */
    String OPTIMIZER = "optimizer/";

    /** What draws its pictures. */
    Generator generator();

    /** At most so many steps. */
    int steps();

    /** How many have been made. */
    int stepsDone();

    /** Whether the stage has reached its end. */
    default boolean isDone() {
        return stepsDone() >= steps();
    }

    /**
     * Makes a step.
     *
     * @param number of it in the whole inversion, for its losses
     */
    InversionLoss step(int number);

    /** The latent so far: w+ [1, L, C], a new array. */
    NDArray latent();

    /** The picture so far, [1, 3, H, W], a new array. */
    NDArray picture();

    /** What the next step depends on: the stage's own arrays. */
    Map<String, NDArray> state();

    /**
     * Takes a state.
     *
     * @param done  steps that were made
     * @param state as {@link #state} gave it
     * @throws IllegalArgumentException if it is of something else
     */
    void restore(int done, Map<String, NDArray> state);

    @Override
    void close();

    /** An array of a state. */
    static NDArray of(String name, Map<String, NDArray> state) {
        var array = state.get(name);
        if (array == null) {
            throw new IllegalArgumentException("the state has no " + name + ", but " + state.keySet());
        }
        return array;
    }

    /** The optimiser's part of a state. */
    static Map<String, NDArray> optimizer(Map<String, NDArray> state) {
        var arrays = new LinkedHashMap<String, NDArray>();
        state.forEach((name, array) -> {
            if (name.startsWith(OPTIMIZER)) {
                arrays.put(name.substring(OPTIMIZER.length()), array);
            }
        });
        return arrays;
    }
}
