package org.atelier.worker.edit.boundary;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.BoundaryTrainRequest.Labels;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.ClipView;
import org.atelier.worker.tensor.Scope;

/** How much more a picture fits one text than another: the difference of its cosines to both. */
final class PromptScore implements AutoCloseable {
    private final ClipView view;
    private final NDArray difference;

    /** @param parent of the arrays that this owns */
    PromptScore(BundleNetworks networks, Labels.Prompts prompts, NDManager parent) {
        var clip = networks.clip().orElseThrow(() -> new JobException(ErrorCategory.INVALID_REQUEST,
                "To score pictures by texts needs a CLIP, which the bundle " + networks.card().reference()
                        + " does not have."));
        this.view = new ClipView(clip, networks.generator().resolution(), parent);
        this.difference = Scope.computeFor(parent, () -> view.text(prompts.positive()).sub(view.text(prompts
                .negative())));
    }

    /**
     * Scores pictures.
     *
     * @param images [N, 3, H, W], nominally in -1..1
     * @return [N]
     */
    float[] of(NDArray images) {
        return Scope.call(() -> ClipView.unit(view.features(images.clip(-1, 1))).mul(difference).sum(new int[]{1})
                .toFloatArray());
    }

    @Override
    public void close() {
        view.close();
        difference.close();
    }
}
