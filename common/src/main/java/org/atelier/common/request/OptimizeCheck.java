package org.atelier.common.request;

import java.util.List;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.LatentSpace;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.Rows;
import org.jspecify.annotations.Nullable;

/** Whether the space and the rows of a latent optimisation fit each other and the bundle. */
final class OptimizeCheck {
    private OptimizeCheck() {}

    static void check(OptimizeRequest request, BundleCard bundle, List<Violation> violations) {
        if (request.space() == LatentSpace.Z && request.source() == null) {
            violations.add(new Violation("/request/source",
                    "is missing: the mean latent has no z; name a seed, or take space w"));
        }
        if (request.toRgb() && request.space() != LatentSpace.S) {
            violations.add(new Violation("/request/to_rgb",
                    "needs space s: only there layers have styles of their own"));
        }
        var directional = request.directional();
        if (directional != null && directional.neutral().strip().equals(request.prompt().strip())) {
            violations.add(new Violation("/request/directional/neutral",
                    "is the prompt itself, and there is no direction from a text to itself; say what is there before"));
        }
        check(request.rows(), bundle, violations);
    }

    private static void check(@Nullable Rows rows, BundleCard bundle, List<Violation> violations) {
        if (rows == null) {
            return;
        }
        int all = bundle.latentRows();
        if (rows.level() != null && (rows.from() != null || rows.to() != null)) {
            violations.add(new Violation("/request/rows", "has a level and a range; name one of them"));
        }
        if (rows.to() != null && rows.to() > all) {
            violations.add(new Violation("/request/rows/to", "is " + rows.to() + ", but " + bundle.name() + " has "
                    + all
                    + " rows"));
        }
        int from = rows.from() == null ? 0 : rows.from();
        int to = rows.to() == null ? all : Math.min(rows.to(), all);
        if (from >= to) {
            violations.add(new Violation("/request/rows/from", "is " + from + ", but the last row that is meant is "
                    + (to
                            - 1)));
        }
    }
}
