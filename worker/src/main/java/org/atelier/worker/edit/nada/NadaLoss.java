package org.atelier.worker.edit.nada;

import static org.atelier.worker.edit.ClipView.unit;

import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.atelier.common.error.JobException;
import org.atelier.common.job.Templates;
import org.atelier.worker.checkpoint.BundleNetworks.ClipParts;
import org.atelier.worker.edit.ClipView;
import org.atelier.worker.edit.direction.PromptTemplates;
import org.atelier.worker.tensor.Scope;

/**
 * How one CLIP judges whether pictures have moved from one text to another (StyleGAN-NADA, section 3.1; its
 * {@code criteria/clip_loss.py}). Features of pictures go in, so that each picture passes the network once.
 */
public final class NadaLoss implements AutoCloseable {
    /** Inside the root of the norm: where the difference is exactly zero, its gradient stays a number. */
    private static final double EPSILON = 1e-12;

    private final NDManager manager;
    private final ClipView view;
    private final Templates templates;
    private final double guard;

    /**
     * Prepares for one size of picture.
     *
     * @param clip       whose recipe says how pictures are prepared
     * @param resolution width and height of the pictures
     * @param templates  sentences that things are put into
     * @param guard      added to the norm that a difference is divided by
     * @param parent     of the arrays that this owns
     */
    public NadaLoss(ClipParts clip, int resolution, Templates templates, double guard, NDManager parent) {
        this.templates = templates;
        this.guard = guard;
        this.manager = parent.newSubManager();
        this.view = new ClipView(clip, resolution, manager);
    }

    /**
     * Features of pictures.
     *
     * @param images [N, 3, H, W] in -1..1
     * @return [N, D], not normalised
     */
    public NDArray features(NDArray images) {
        return view.features(images);
    }

    /**
     * Normalised features of the sentences about a thing.
     *
     * @return [K, D], K = 79 with the templates for ImageNet and else 1
     * @throws JobException INVALID_REQUEST if the text is too long for CLIP
     */
    public NDArray textFeatures(String thing) {
        return view.texts(PromptTemplates.about(thing, templates));
    }

    /**
     * Normalised features of a text as it is.
     *
     * @return [1, D]
     * @throws JobException INVALID_REQUEST if the text is too long for CLIP
     */
    public NDArray text(String prompt) {
        return view.text(prompt);
    }

    /**
     * The direction from one thing to another: the normalised mean difference of their sentences.
     *
     * @return [1, D]
     */
    public NDArray textDirection(String source, String target) {
        return Scope.computeFor(manager, () -> unit(textFeatures(target).sub(textFeatures(source)).mean(new int[]{0},
                true)));
    }

    /**
     * The cosine of the sentences about two things, each by its mean.
     *
     * @return [1, 1]
     */
    public NDArray textCosine(String source, String target) {
        return Scope.computeFor(manager, () -> unit(textFeatures(target).mean(new int[]{0}, true)).mul(unit(
                textFeatures(
                        source).mean(new int[]{0}, true))).sum(new int[]{1}, true));
    }

    /**
     * The direction from pictures to others, by the means of their normalised features (the code's img2img).
     *
     * @param from features [N, D]
     * @param to   features, each [1, D]
     * @return [1, D]
     */
    public NDArray imageDirection(NDArray from, List<NDArray> to) {
        return Scope.computeFor(manager, () -> {
            var targets = new NDList();
            to.forEach(features -> targets.add(unit(features)));
            var target = targets.size() == 1 ? targets.getFirst() : NDArrays.concat(targets);
            return unit(target.mean(new int[]{0}, true).sub(unit(from).mean(new int[]{0}, true)));
        });
    }

    /**
     * 1 - cosine of the direction in which each picture moved and the wanted one, on average.
     *
     * @param before    features [N, D]
     * @param after     features [N, D]
     * @param direction [1, D], of norm 1
     * @return []
     */
    public NDArray directional(NDArray before, NDArray after, NDArray direction) {
        return Scope.compute(() -> {
            var moved = unit(after).sub(unit(before));
            var norm = moved.square().sum(new int[]{1}, true).add(EPSILON).sqrt().add(guard);
            return moved.div(norm).mul(direction).sum(new int[]{1}).neg().add(1).mean();
        });
    }

    /**
     * 1 - cosine of pictures and a text, on average.
     *
     * @param after features [N, D]
     * @param text  [1, D], of norm 1
     * @return []
     */
    public NDArray global(NDArray after, NDArray text) {
        return Scope.compute(() -> unit(after).mul(text).sum(new int[]{1}).neg().add(1).mean());
    }

    /**
     * How much the cosine of each picture before and after differs from that of the texts (the code's "manifold" loss,
     * which computes angles and then compares cosines).
     *
     * @param textCosine [1, 1]
     * @return []
     */
    public NDArray manifold(NDArray before, NDArray after, NDArray textCosine) {
        return Scope.compute(() -> unit(before).mul(unit(after)).sum(new int[]{1}, true).clip(-1, 1).sub(textCosine)
                .abs().mean());
    }

    /**
     * Mean square difference of the features, not normalised (the code's "texture" loss).
     *
     * @return []
     */
    public NDArray texture(NDArray before, NDArray after) {
        return Scope.compute(() -> after.sub(before).square().mean());
    }

    @Override
    public void close() {
        manager.close();
    }
}
