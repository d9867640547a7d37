package org.atelier.worker.nn;

import ai.djl.ndarray.NDArray;

/** Watches what the layers of a network give, by their published names: for tests and for finding a mismatch. */
@FunctionalInterface
public interface Tap {
    /** Watches nothing. */
    Tap NONE = (name, output) -> {};

    /**
     * A layer has computed its output.
     *
     * @param name   of the layer
     * @param output valid until this call returns; duplicate it to keep it
     */
    void see(String name, NDArray output);
}
