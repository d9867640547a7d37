package org.atelier.worker.edit;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import ai.djl.ndarray.NDArray;
import org.atelier.worker.checkpoint.SafetensorsFile;

/**
 * Work on pictures, done step by step by whoever drives it: one thread, from {@link #step} to {@link #step}.
 *
 * <pre>
 * while (!edit.isDone()) {
 *     edit.step();
 * }
 * edit.finish();
 * </pre>
 *
 * Between two steps it can be left for good, or its whole {@link State state} saved where it has one.
 */
public interface Edit extends AutoCloseable {
    /** How many steps there are; at least one. */
    int steps();

    /** How many have been made. */
    int stepsDone();

    /** Whether all are made. */
    default boolean isDone() {
        return stepsDone() >= steps();
    }

    /**
     * Makes the next step.
     *
     * @throws org.atelier.common.error.JobException when it knows why it cannot go on: DIVERGED, INPUT_UNREADABLE
     * @throws IllegalStateException                 after the last step
     */
    Step step();

    /** A picture of the state so far, if the request wants one after this step. */
    default Optional<Product> preview() {
        return Optional.empty();
    }

    /**
     * What is made of all steps together.
     *
     * @throws IllegalStateException before the last step
     */
    List<Product> finish();

    /**
     * Numbers that a reader of the result wants to know, by name, such as how close a picture came; asked for after
     * {@link #finish}.
     */
    default Map<String, Double> measures() {
        return Map.of();
    }

    /** What a step can go on from; empty if the work is so short that it is rather done again. */
    default Optional<State> state() {
        return Optional.empty();
    }

    @Override
    void close();

    /** What one step came to. */
    interface Step {
        /** Losses by name, measured before the step's update; empty if there are none. */
        default Map<String, Double> losses() {
            return Map.of();
        }

        /** Files that are done with this step. */
        default List<Product> products() {
            return List.of();
        }
    }

    /**
     * Everything that the next step, the end and the measures depend on and that does not follow from the request. Whoever
     * runs the edit stores it, says with it whose it is, and gives it back to an edit of the same request only.
     */
    interface State {
        /**
         * The state as it is. Called while a scope is open.
         *
         * @return arrays by name, which the edit may change with its next step
         */
        Map<String, NDArray> tensors();

        /**
         * Takes what {@link #tensors} gave, before the first step.
         *
         * @param stored the tensors as a file, open for the time of the call
         * @throws IllegalArgumentException if it is the state of something else; the edit is then useless
         */
        void restore(SafetensorsFile stored);
    }
}
