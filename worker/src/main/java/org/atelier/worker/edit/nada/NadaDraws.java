package org.atelier.worker.edit.nada;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.nn.Noise;

/** All that a training draws at random: always the same for the same step, so that a run can be resumed anywhere. */
public interface NadaDraws {
    /** What noise maps are for. */
    enum Pass {
        /** The pictures by which layers are selected. */
        SELECTION,
        /** The pictures of the bundle's generator. */
        FROZEN,
        /** The pictures of the generator in training. */
        TRAINED
    }

    /** The latents of a step, of the bundle's mapping network: w+ [N, L, C]. */
    NDArray latents(int step, NDManager manager);

    /** The latents by which the layers of a step are selected: w+ [M, L, C]. */
    NDArray selectionLatents(int step, NDManager manager);

    /** The noise maps of a pass over so many pictures. */
    Noise noise(int step, Pass pass, int pictures, NDManager manager);

    /** Normal noise that stands in for noise maps where a generator has none. */
    NDArray pixelNoise(int step, Shape shape, NDManager manager);
}
