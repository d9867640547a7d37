package org.atelier.worker.edit.mapper;

import java.util.Optional;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** Where the training of a mapper gets its latents from. */
@FunctionalInterface
public interface LatentBatches extends AutoCloseable {
    /**
     * The latents of a step, always the same for the same step.
     *
     * @param step    counted from 0
     * @param manager for the array
     * @return w+ [N, L, C]
     */
    NDArray at(int step, NDManager manager);

    /** Steps in which every latent is seen once. */
    default int stepsPerEpoch() {
        return 1;
    }

    /** Latents that no step trains on: [V, L, C], the batches' own array; empty: there are none. */
    default Optional<NDArray> heldBack() {
        return Optional.empty();
    }

    @Override
    default void close() {
        // nothing is owned
    }
}
