package org.atelier.dispatcher.compose;

import java.util.List;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.job.JobRequest;

/**
 * A composite job and how far it is.
 *
 * @param request what was asked
 * @param bundle  the bundle version that it was accepted with: every part uses it
 * @param phases  how the parts of each phase that is over ended, in the order in which they were asked for
 * @param <R>     the request
 */
public record Composite<R extends JobRequest>(R request, BundleCard bundle, List<List<EndedPart>> phases) {
    /** A composite job before its first part. */
    public Composite(R request, BundleCard bundle) {
        this(request, bundle, List.of());
    }

    /** How many phases are over. */
    public int phasesOver() {
        return phases.size();
    }

    /**
     * How the parts of a phase ended.
     *
     * @param phase counted from 1
     */
    public List<EndedPart> phase(int phase) {
        return phases.get(phase - 1);
    }
}
