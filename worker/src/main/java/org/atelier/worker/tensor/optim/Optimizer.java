package org.atelier.worker.tensor.optim;

import java.util.Map;

import ai.djl.ndarray.NDArray;

/**
 * Changes parameters in place, by their gradients.
 *
 * <p>An optimiser owns its state and gives all of it away as named arrays, so that a run that is resumed from them goes
 * on as if it had never stopped. A parameter without a gradient in a step keeps value, moments and step count
 * (PyTorch 2's meaning of a gradient that is {@code None}).
 */
public sealed interface Optimizer extends AutoCloseable permits Adam, Sgd, Ranger {
    /**
     * Makes one step.
     *
     * @param gradients    by parameter name; parameters that are missing here are left alone
     * @param learningRate of this step
     */
    void step(Map<String, NDArray> gradients, double learningRate);

    /** All state, by name: the optimiser's own arrays, valid until the next step. */
    Map<String, NDArray> state();

    /**
     * Takes over a state that {@link #state()} gave.
     *
     * @throws IllegalArgumentException if it is of another kind of optimiser, or of other parameters
     */
    void restore(Map<String, NDArray> state);

    /** Frees the state; parameters belong to the caller. */
    @Override
    void close();
}
