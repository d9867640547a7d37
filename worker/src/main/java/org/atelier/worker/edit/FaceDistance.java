package org.atelier.worker.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.face.FaceNetwork;
import org.atelier.worker.nn.face.FaceView;
import org.atelier.worker.tensor.Scope;

/** How far apart faces are: {@code 1 - <R(a), R(b)>} for pictures of one size. */
public final class FaceDistance implements AutoCloseable {
    private final FaceNetwork network;
    private final FaceView view;

    /**
     * Prepares for one size of picture.
     *
     * @param resolution width and height of the pictures
     * @param parent     of the arrays that this owns
     */
    public FaceDistance(FaceNetwork network, int resolution, NDManager parent) {
        this.network = network;
        this.view = network.view(resolution, parent);
    }

    /**
     * Embeds the faces of pictures.
     *
     * @param images [N, 3, H, W] in -1..1
     * @return [N, embedding], each of norm 1
     */
    public NDArray embed(NDArray images) {
        return Scope.compute(() -> network.embed(view.apply(images), Tap.NONE));
    }

    /**
     * The distance of each picture from a face.
     *
     * @param images     [N, 3, H, W] in -1..1
     * @param references as {@link #embed} gives them: [N, embedding], or [1, embedding] for all
     * @return [N]
     */
    public NDArray of(NDArray images, NDArray references) {
        return Scope.compute(() -> embed(images).mul(references).sum(new int[]{1}).neg().add(1));
    }

    @Override
    public void close() {
        view.close();
    }
}
