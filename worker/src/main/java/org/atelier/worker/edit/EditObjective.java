package org.atelier.worker.edit;

import java.util.Optional;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.OptimizeRequest.Goal;
import org.atelier.worker.checkpoint.BundleNetworks;

/**
 * What an edit minimises: {@code clip_lambda * (1 - cos(picture, text)) + l2_lambda * L2(w, w0) + id_lambda * (1 -
 * <R(picture0), R(picture)>)} (StyleCLIP, equations 1 and 2). Free generation has the first term only.
 */
final class EditObjective implements AutoCloseable {
    private final OptimizeRequest request;
    private final NDArray start;
    private final PromptLoss prompt;
    private final Optional<IdentityLoss> identity;

    /**
     * Prepares the terms.
     *
     * @param start      w+ [1, L, C] that the edit must stay near
     * @param startImage its picture [1, 3, H, W]
     * @throws JobException INVALID_REQUEST if the bundle lacks a network that a term needs, or the prompt is too long
     */
    EditObjective(OptimizeRequest request, BundleNetworks networks, NDArray start, NDArray startImage,
            NDManager manager) {
        this.request = request;
        this.start = start;
        this.prompt = new PromptLoss(networks.clip().orElseThrow(() -> lacks("a CLIP", networks)), request.prompt(),
                Math.toIntExact(startImage.getShape().get(2)), manager);
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
     * @param wPlus [1, L, C]
     * @param image its picture [1, 3, H, W]
     */
    LossTerms evaluate(NDArray wPlus, NDArray image) {
        var terms = new LossTerms().clip(prompt.of(image).mean(), request.clipLambda());
        if (request.goal() == Goal.EDIT) {
            terms = terms.l2(LatentDistance.between(wPlus, start, request.l2Reduction()), request.l2Lambda());
        }
        return terms.identity(identity.map(loss -> loss.of(image).mean()), request.idLambda());
    }

    @Override
    public void close() {
        prompt.close();
        identity.ifPresent(IdentityLoss::close);
    }
}
