package org.atelier.worker.edit.boundary;

import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.BoundaryTrainRequest.Labels;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.direction.PictureView;
import org.atelier.worker.edit.direction.TextView;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Scope;

/** How much more a picture fits one text than another: the difference of its cosines to both. */
final class PromptScore implements AutoCloseable {
    private final PictureView view;
    private final NDArray difference;

    /** @param parent of the arrays that this owns */
    PromptScore(BundleNetworks networks, Labels.Prompts prompts, NDManager parent) {
        var clip = networks.clip().orElseThrow(() -> new JobException(ErrorCategory.INVALID_REQUEST,
                "To score pictures by texts needs a CLIP, which the bundle " + networks.card().reference()
                        + " does not have."));
        var texts = new TextView(clip, parent);
        var positive = texts.of(List.of(prompts.positive()));
        var negative = texts.of(List.of(prompts.negative()));
        var values = new float[positive.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = positive[i] - negative[i];
        }
        this.difference = HostArrays.of(parent, values, new Shape(1, values.length));
        this.view = new PictureView(clip, networks.generator().resolution(), parent);
    }

    /**
     * Scores pictures.
     *
     * @param images [N, 3, H, W], nominally in -1..1
     * @return [N]
     */
    float[] of(NDArray images) {
        return Scope.call(() -> {
            var features = view.of(images);
            return features.div(features.norm(new int[]{1}, true)).mul(difference).sum(new int[]{1}).toFloatArray();
        });
    }

    @Override
    public void close() {
        view.close();
        difference.close();
    }
}
