package org.atelier.worker.nn.encoder;

import java.util.List;

import ai.djl.ndarray.NDArray;

/** The convolutions of an encoder, which every style looks at. */
interface Body {
    /** Channels of the last map. */
    int features();

    /** How many times smaller the last map is than the picture. */
    int reduction();

    /**
     * The maps at the end of each stage.
     *
     * @param x [N, channels, H, W]
     * @return [N, C, H', W'], the last one the smallest
     */
    List<NDArray> maps(NDArray x);
}
