package org.atelier.worker.nn.face;

import ai.djl.ndarray.NDArray;

/** What an identity network sees of pictures of one size. */
public sealed interface FaceView extends AutoCloseable permits FaceCrop, GreyView {
    /**
     * Prepares pictures.
     *
     * @param images [N, 3, H, W] in -1..1
     * @return [N, C, input, input], differentiable with respect to the pictures
     */
    NDArray apply(NDArray images);

    @Override
    void close();
}
