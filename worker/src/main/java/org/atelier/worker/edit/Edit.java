package org.atelier.worker.edit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
 * Between two steps it can be left for good, or its whole state {@link State#save saved} where it has one.
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

    /** Everything that the next step depends on and that does not follow from the request. */
    interface State {
        /**
         * Writes it.
         *
         * @param file is created
         */
        void save(Path file) throws IOException;

        /**
         * Takes what {@link #save} wrote for the same request.
         *
         * @throws IllegalArgumentException if it is the state of something else, or damaged; the edit is then useless
         */
        void restore(Path file);
    }
}
