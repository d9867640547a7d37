package org.atelier.worker.nn.face;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.worker.nn.Network;
import org.atelier.worker.nn.Tap;

/** Turns a face into numbers that are alike for pictures of the same person. */
public sealed interface FaceNetwork extends Network permits IdentityNetwork, FaceResNet {
    /** Width and height of what it sees. */
    int input();

    /**
     * What it sees of pictures.
     *
     * @param resolution width and height of the pictures
     * @param parent     of the arrays that the view owns
     */
    FaceView view(int resolution, NDManager parent);

    /**
     * Embeds faces.
     *
     * @param faces [N, C, input, input] in -1..1, as {@link #view} gives them
     * @param tap   sees the output of every unit
     * @return [N, embedding], each of norm 1
     */
    NDArray embed(NDArray faces, Tap tap);
}
