package org.atelier.common.request;

import java.util.List;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.BoundaryApplyRequest;

/** Which rows a walk can move, and how many pictures a job makes. */
final class BoundaryApplyCheck {
    private BoundaryApplyCheck() {}

    static void check(BoundaryApplyRequest request, BundleCard bundle, List<Violation> violations) {
        RequestValidator.checkCutoff(request.truncation(), bundle, violations);
        var rows = request.rows();
        if (rows != null && (rows.from() >= rows.to() || rows.to() > bundle.latentRows())) {
            violations.add(new Violation("/request/rows", "are " + rows.from() + " to " + rows.to()
                    + "; from must be below to, and " + bundle.name() + " has " + bundle.latentRows() + " rows"));
        }
        int pictures = request.sources().size() * request.steps();
        if (request.files() && pictures > BoundaryApplyRequest.MAX_FILES) {
            violations.add(new Violation("/request/sources", "are " + request.sources().size() + ", with " + request
                    .steps() + " steps that makes " + pictures + " pictures; one job stores "
                    + BoundaryApplyRequest.MAX_FILES + ", or the sheet alone with files false"));
        }
    }
}
