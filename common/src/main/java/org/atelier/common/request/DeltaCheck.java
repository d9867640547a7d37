package org.atelier.common.request;

import java.util.List;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.DeltaApplyRequest;
import org.atelier.common.job.DeltaTrainRequest;

/** What a bundle cannot do of jobs with delta mappers. */
final class DeltaCheck {
    private DeltaCheck() {}

    static void check(DeltaTrainRequest request, BundleCard bundle, List<Violation> violations) {
        requireClip(bundle, violations);
    }

    static void check(DeltaApplyRequest request, BundleCard bundle, List<Violation> violations) {
        requireClip(bundle, violations);
        if (request.mapper() == null && bundle.delta() == null) {
            violations.add(new Violation("/request/mapper", "is missing: " + bundle.name()
                    + " has no delta mapper of its own; name what a delta-train job made"));
        }
        if (request.edits() > DeltaApplyRequest.MAX_EDITS) {
            violations.add(new Violation("/request/prompts", "sources times prompts times strengths make "
                    + request.edits() + " edits, one job makes up to " + DeltaApplyRequest.MAX_EDITS
                    + "; submit several"));
        }
    }

    private static void requireClip(BundleCard bundle, List<Violation> violations) {
        if (bundle.clip() == null) {
            violations.add(new Violation("/request/bundle", bundle.name()
                    + " has no CLIP and cannot follow a text; name a bundle that has one"));
        }
    }
}
