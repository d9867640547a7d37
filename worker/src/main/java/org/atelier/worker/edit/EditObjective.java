package org.atelier.worker.edit;

import java.util.Optional;
import java.util.function.Supplier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.OptimizeRequest.Goal;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.tensor.Scope;

/**
 * What an edit minimises: {@code clip_lambda * (1 - cos(picture, text)) + l2_lambda * L2(w, w0) + id_lambda * (1 -
 * <R(picture0), R(picture)>)} (StyleCLIP, equations 1 and 2), and where it is asked for the directional term of
 * StyleGAN-NADA. Free generation has the first term, and the directional one.
 */
final class EditObjective implements AutoCloseable {
    /** Added to the length of a picture's change: at the first step there is none, and its direction would be nothing by nothing. */
    private static final float SMALLEST_CHANGE = 0.02f;
    /** Keeps the gradient of that length finite. */
    private static final float SMALLEST_SQUARE = 1e-12f;

    private final OptimizeRequest request;
    private final ClipView clip;
    private final NDArray text;
    private final Optional<Direction> direction;
    private final Optional<IdentityLoss> identity;

    /**
     * What the directional term compares with.
     *
     * @param start  features of the picture before, of norm 1
     * @param text   from the neutral text to the prompt, of norm 1
     * @param weight of the term
     */
    private record Direction(NDArray start, NDArray text, double weight) {}

    /**
     * Prepares the terms.
     *
     * @param startImage of the latent that the edit must stay near, [1, 3, H, W]
     * @throws JobException INVALID_REQUEST if the bundle lacks a network that a term needs, or a text is too long
     */
    EditObjective(OptimizeRequest request, BundleNetworks networks, NDArray startImage, NDManager manager) {
        this.request = request;
        this.clip = new ClipView(networks.clip().orElseThrow(() -> lacks("a CLIP", networks)), Math.toIntExact(
                startImage
                        .getShape().get(2)), manager);
        this.text = clip.text(request.prompt());
        this.direction = Optional.ofNullable(request.directional()).map(directional -> {
            var neutral = clip.text(directional.neutral());
            return new Direction(
                    Scope.computeFor(manager, () -> ClipView.unit(clip.features(startImage))),
                    Scope.computeFor(manager, () -> ClipView.unit(text.sub(neutral))),
                    directional.weight());
        });
        this.identity = hasIdentityTerm()
                ? Optional.of(new IdentityLoss(networks.identity().orElseThrow(() -> lacks("an identity network",
                        networks)), startImage, manager))
                : Optional.empty();
    }

    private boolean hasIdentityTerm() {
        return request.goal() == Goal.EDIT && request.idLambda() > 0;
    }

    private static JobException lacks(String network, BundleNetworks networks) {
        return new JobException(ErrorCategory.INVALID_REQUEST, "This edit needs " + network + ", which the bundle "
                + networks.card().reference() + " does not have.");
    }

    /**
     * Evaluates all terms.
     *
     * @param distance of the latent from its start, []; asked for only where it is a term
     * @param image    the latent's picture [1, 3, H, W]
     */
    LossTerms evaluate(Supplier<NDArray> distance, NDArray image) {
        var features = ClipView.unit(clip.features(image));
        var terms = new LossTerms().clip(cosine(features, text).neg().add(1), request.clipLambda());
        if (direction.isPresent()) {
            var wanted = direction.get();
            var change = features.sub(wanted.start);
            var length = change.square().sum(new int[]{1}, true).add(SMALLEST_SQUARE).sqrt().add(SMALLEST_CHANGE);
            terms = terms.directional(cosine(change.div(length), wanted.text).neg().add(1), wanted.weight);
        }
        if (request.goal() == Goal.EDIT) {
            terms = terms.l2(distance.get(), request.l2Lambda());
        }
        return terms.identity(identity.map(loss -> loss.of(image).mean()), request.idLambda());
    }

    private static NDArray cosine(NDArray a, NDArray b) {
        return a.mul(b).sum(new int[]{1}).mean();
    }

    @Override
    public void close() {
        clip.close();
        identity.ifPresent(IdentityLoss::close);
    }
}
