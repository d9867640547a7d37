package org.atelier.worker.nn.clip;

import ai.djl.ndarray.NDArray;
import org.atelier.worker.nn.Tap;

/** Turns prepared pictures into features. */
sealed interface ImageTower permits VisionTransformer, ModifiedResNet {
    /**
     * Computes features.
     *
     * @param x [N, 3, R, R], prepared
     * @return [N, embedding], not normalised
     */
    NDArray apply(NDArray x, Tap tap);
}
