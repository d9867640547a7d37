package org.atelier.worker.nn.encoder;

import java.util.Optional;

import ai.djl.ndarray.NDArray;
import org.atelier.worker.nn.Network;
import org.atelier.worker.tensor.Scope;

/** Turns pictures into latents. */
public sealed interface Encoder extends Network permits WEncoder, StyleEncoder {
    /** Width and height of the pictures that it sees. */
    int input();

    /** Channels of those pictures: 3, or 6 where it sees a picture and its reconstruction so far (ReStyle). */
    int channels();

    /** Rows of its codes; 1 where it gives one w for all rows. */
    int rows();

    /** The latent that its codes start from: [rows, C] or [1, C]; empty: the origin. */
    Optional<NDArray> start();

    /**
     * What it sees in pictures, relative to its start.
     *
     * @param images [N, channels, input, input] in -1..1
     * @return [N, rows, C]
     */
    NDArray codes(NDArray images);

    /**
     * The latents of pictures: {@link #codes} and the start.
     *
     * @param images [N, channels, input, input] in -1..1
     * @return [N, rows, C]
     */
    default NDArray encode(NDArray images) {
        return Scope.compute(() -> {
            var codes = codes(images);
            return start().map(codes::add).orElse(codes);
        });
    }
}
