package org.atelier.worker.edit.delta;

import java.util.Map;

import ai.djl.ndarray.NDArray;
import org.atelier.worker.checkpoint.SafetensorsFile;

/** How the mode {@code best} moves faces, in steps. */
sealed interface BestMove extends AutoCloseable permits GatedDelta, ExchangeWalk {
    /**
     * The terms of the loss, summed over the faces.
     *
     * @param clip        1 - cosine of picture and text
     * @param directional 1 - cosine of the picture's way and the text's
     * @param length      of the moves, by absolute values
     * @param total       what is minimised, or would be
     */
    record Terms(double clip, double directional, double length, double total) {}

    /**
     * Makes a step.
     *
     * @return the loss before it
     */
    Terms step();

    /** What the next step depends on beside the request and the number of steps made. */
    Map<String, NDArray> state();

    /**
     * Takes what {@link #state} gave.
     *
     * @param stepsDone how many steps had been made then
     */
    void restore(SafetensorsFile stored, int stepsDone);

    /** The faces as they are now: [N, L, C]. */
    NDArray latents();

    /** The faces before: [N, L, C], owned by this. */
    NDArray start();

    @Override
    void close();
}
