package org.atelier.worker.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.worker.checkpoint.BundleNetworks.ClipParts;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.clip.BpeTokenizer.Overflow;
import org.atelier.worker.nn.clip.ClipInput;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Scope;

/**
 * How badly pictures fit a text: {@code 1 - cos(image, text)}, the CLIP loss of StyleCLIP ({@code criteria/clip_loss.py},
 * where it is written as 1 - logit / 100).
 */
public final class PromptLoss implements AutoCloseable {
    private final NDManager manager;
    private final ClipParts clip;
    private final ClipInput input;
    private final NDArray text;

    /**
     * Prepares for one text and one size of picture; the text's features are computed once.
     *
     * @param resolution width and height of the pictures
     * @param parent     of the arrays that this owns
     * @throws JobException INVALID_REQUEST if the text is too long for CLIP
     */
    public PromptLoss(ClipParts clip, String prompt, int resolution, NDManager parent) {
        this.clip = clip;
        this.manager = parent.newSubManager();
        this.input = new ClipInput(clip.recipe(), resolution, clip.network().config().resolution(), manager);
        this.text = text(prompt);
    }

    private NDArray text(String prompt) {
        int context = clip.network().config().context();
        try {
            var tokens = clip.tokenizer().tokenize(prompt, context, Overflow.ERROR);
            return Scope.computeFor(manager, () -> unit(clip.network().textFeatures(HostArrays.of(manager, tokens,
                    new Shape(1,
                            context)), Tap.NONE)));
        } catch (IllegalArgumentException e) {
            throw new JobException(ErrorCategory.INVALID_REQUEST, e.getMessage(), e);
        }
    }

    private static NDArray unit(NDArray features) {
        return features.div(features.norm(new int[]{1}, true));
    }

    /**
     * The loss of each picture.
     *
     * @param images [N, 3, H, W] in -1..1
     * @return [N]
     */
    public NDArray of(NDArray images) {
        return Scope.compute(() -> {
            var features = clip.network().imageFeatures(input.apply(images), Tap.NONE);
            return unit(features).mul(text).sum(new int[]{1}).neg().add(1);
        });
    }

    @Override
    public void close() {
        manager.close();
    }
}
