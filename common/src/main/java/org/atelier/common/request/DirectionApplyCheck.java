package org.atelier.common.request;

import java.util.List;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.DirectionApplyRequest;

/** What a bundle must have for global directions, and how many edits a job takes. */
final class DirectionApplyCheck {
    private DirectionApplyCheck() {}

    static void check(DirectionApplyRequest request, BundleCard bundle, List<Violation> violations) {
        if (bundle.clip() == null) {
            violations.add(new Violation("/request/bundle",
                    bundle.name() + " has no CLIP and cannot follow a text; name a bundle that has one"));
        }
        RequestValidator.checkCutoff(request.truncation(), bundle, violations);
        int limit = request.files() ? DirectionApplyRequest.MAX_FILES : DirectionApplyRequest.MAX_EDITS;
        if (request.edits() > limit) {
            violations.add(new Violation("/request/sources", "are " + request.sources().size() + ", with " + request
                    .prompts().size() + " prompts and " + request.strengths().size() + " strengths that makes "
                    + request.edits() + " edits; one job takes " + limit + (request.files()
                            ? ", or " + DirectionApplyRequest.MAX_EDITS + " with files false"
                            : "")));
        }
    }
}
