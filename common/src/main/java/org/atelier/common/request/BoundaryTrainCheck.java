package org.atelier.common.request;

import java.util.List;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.BoundaryTrainRequest;
import org.atelier.common.job.BoundaryTrainRequest.Chosen;
import org.atelier.common.job.BoundaryTrainRequest.Labels;

/** What a bundle must have for a boundary, and which scores there must be. */
final class BoundaryTrainCheck {
    private BoundaryTrainCheck() {}

    static void check(BoundaryTrainRequest request, BundleCard bundle, List<Violation> violations) {
        switch (request.labels()) {
            case Labels.Prompts prompts when bundle.clip() == null -> violations.add(new Violation("/request/bundle",
                    bundle.name() + " has no CLIP and cannot score pictures by texts; give scores instead"));
            case Labels.Scores given when given.scores().size() != request.samples() -> violations.add(new Violation(
                    "/request/labels/scores", "are " + given.scores().size() + "; samples, which is " + request
                            .samples() + ", must be as many"));
            default -> {
            }
        }
        boolean sampled = !(request.labels() instanceof Labels.File);
        if (sampled && request.chosen() instanceof Chosen.Ratio share && share.ratio() * request.samples() < 2) {
            violations.add(new Violation("/request/chosen/ratio", "is " + share.ratio() + ", which of " + request
                    .samples() + " samples is less than two; choose more of them or sample more"));
        }
    }
}
