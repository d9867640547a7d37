package org.atelier.worker.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.common.error.JobException;
import org.atelier.worker.checkpoint.BundleNetworks.ClipParts;
import org.atelier.worker.tensor.Scope;

/**
 * How badly pictures fit a text: {@code 1 - cos(image, text)}, the CLIP loss of StyleCLIP ({@code criteria/clip_loss.py},
 * where it is written as 1 - logit / 100).
 */
public final class PromptLoss implements AutoCloseable {
    private final ClipView view;
    private final NDArray text;

    /**
     * Prepares for one text and one size of picture; the text's features are computed once.
     *
     * @param resolution width and height of the pictures
     * @param parent     of the arrays that this owns
     * @throws JobException INVALID_REQUEST if the text is too long for CLIP
     */
    public PromptLoss(ClipParts clip, String prompt, int resolution, NDManager parent) {
        this.view = new ClipView(clip, resolution, parent);
        this.text = view.text(prompt);
    }

    /**
     * The loss of each picture.
     *
     * @param images [N, 3, H, W] in -1..1
     * @return [N]
     */
    public NDArray of(NDArray images) {
        return Scope.compute(() -> ClipView.unit(view.features(images)).mul(text).sum(new int[]{1}).neg().add(1));
    }

    @Override
    public void close() {
        view.close();
    }
}
