package org.atelier.worker.edit.delta;

import org.atelier.common.job.OptimizeRequest;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.Edit;
import org.atelier.worker.edit.Inputs;
import org.atelier.worker.edit.LatentOptimization;

/** The edits of {@code optimize} jobs. */
public final class Optimizations {
    private Optimizations() {}

    /** The edit of the mode that the request asks for. */
    public static Edit of(OptimizeRequest request, BundleNetworks networks, Inputs inputs) {
        return switch (request.mode()) {
            case FAITHFUL -> new LatentOptimization(request, networks, inputs);
            case BEST -> new GatedOptimization(request, networks, inputs);
        };
    }
}
