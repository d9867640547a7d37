package org.atelier.worker.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** Where the training of a mapper gets its latents from. */
@FunctionalInterface
public interface LatentBatches {
    /**
     * The latents of a step, always the same for the same step.
     *
     * @param step    counted from 0
     * @param manager for the array
     * @return w+ [N, L, C]
     */
    NDArray at(int step, NDManager manager);
}
