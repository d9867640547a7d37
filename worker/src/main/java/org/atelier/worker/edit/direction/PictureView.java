package org.atelier.worker.edit.direction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.worker.checkpoint.BundleNetworks.ClipParts;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.clip.ClipInput;
import org.atelier.worker.tensor.Scope;

/** CLIP's view of a generator's pictures, as files would show them: beyond black and white is black and white. */
public final class PictureView implements AutoCloseable {
    private final ClipParts clip;
    private final ClipInput input;

    /**
     * Prepares for one size of picture.
     *
     * @param resolution width and height of the pictures
     * @param parent     of the arrays that this owns
     */
    public PictureView(ClipParts clip, int resolution, NDManager parent) {
        this.clip = clip;
        this.input = new ClipInput(clip.recipe(), resolution, clip.network().config().resolution(), parent);
    }

    /**
     * Looks at pictures.
     *
     * @param images [N, 3, H, W], nominally in -1..1
     * @return [N, E], not normalised
     */
    public NDArray of(NDArray images) {
        return Scope.compute(() -> clip.network().imageFeatures(input.apply(images.clip(-1, 1)), Tap.NONE));
    }

    @Override
    public void close() {
        input.close();
    }
}
