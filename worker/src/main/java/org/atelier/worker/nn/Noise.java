package org.atelier.worker.nn;

import java.util.Map;

import ai.djl.ndarray.NDArray;

/** The per-pixel noise that the layers of a StyleGAN2 add. */
public sealed interface Noise {
    /** The maps that are stored with the network. */
    Noise STORED = new Stored();

    /** None. */
    Noise NONE = new None();

    /** See {@link #STORED}. */
    record Stored() implements Noise {}

    /** See {@link #NONE}. */
    record None() implements Noise {}

    /**
     * These maps.
     *
     * @param maps by layer, [N, 1, H, W] or [1, 1, H, W]
     */
    record Given(Map<String, NDArray> maps) implements Noise {}
}
