package org.atelier.worker.edit;

import java.util.List;

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

/** What a CLIP sees in pictures of one size, and in texts. */
public final class ClipView implements AutoCloseable {
    private final NDManager manager;
    private final ClipParts clip;
    private final ClipInput input;

    /**
     * Prepares for one size of picture.
     *
     * @param resolution width and height of the pictures
     * @param parent     of the arrays that this owns
     */
    public ClipView(ClipParts clip, int resolution, NDManager parent) {
        this.clip = clip;
        this.manager = parent.newSubManager();
        this.input = new ClipInput(clip.recipe(), resolution, clip.network().config().resolution(), manager);
    }

    /**
     * The features of a text; they live as long as this.
     *
     * @return [1, D], of norm 1
     * @throws JobException INVALID_REQUEST if the text is too long for CLIP
     */
    public NDArray text(String text) {
        return Scope.computeFor(manager, () -> texts(List.of(text)));
    }

    /**
     * The features of texts.
     *
     * @return [N, D], each of norm 1
     * @throws JobException INVALID_REQUEST if a text is too long for CLIP
     */
    public NDArray texts(List<String> texts) {
        int context = clip.network().config().context();
        var tokens = new long[texts.size() * context];
        try {
            for (int row = 0; row < texts.size(); row++) {
                System.arraycopy(clip.tokenizer().tokenize(texts.get(row), context, Overflow.ERROR), 0, tokens, row
                        * context, context);
            }
        } catch (IllegalArgumentException e) {
            throw new JobException(ErrorCategory.INVALID_REQUEST, e.getMessage(), e);
        }
        return Scope.compute(() -> unit(clip.network().textFeatures(HostArrays.of(manager, tokens, new Shape(texts
                .size(),
                context)), Tap.NONE)));
    }

    /**
     * The features of pictures, of whatever norm they have.
     *
     * @param images [N, 3, H, W] in -1..1
     * @return [N, D]
     */
    public NDArray features(NDArray images) {
        return Scope.compute(() -> clip.network().imageFeatures(input.apply(images), Tap.NONE));
    }

    /**
     * Features of norm 1.
     *
     * @param features [N, D]
     */
    public static NDArray unit(NDArray features) {
        return Scope.compute(() -> features.div(features.norm(new int[]{1}, true)));
    }

    @Override
    public void close() {
        manager.close();
    }
}
