package org.atelier.worker.edit.boundary;

import java.util.List;

import ai.djl.ndarray.NDManager;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.BoundaryTrainRequest;
import org.atelier.common.job.Input;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.Inputs;

/** Reads the boundaries that requests name. */
final class BoundaryFiles {
    private BoundaryFiles() {}

    /**
     * A boundary for a bundle.
     *
     * @throws JobException INPUT_UNREADABLE if it is none, or one of another bundle
     */
    static Boundary read(Input input, BundleNetworks networks, Inputs inputs, NDManager manager) {
        var name = switch (input) {
            case Input.Blob blob -> "The boundary " + blob.blob();
            case Input.Result result -> "The boundary of job " + result.job();
        };
        try {
            var boundary = Boundary.read(name, inputs.read(input, BoundaryTrainRequest.BOUNDARY), networks.generator(),
                    manager);
            var bundle = boundary.origin().get(Boundary.BUNDLE);
            if (bundle != null && !bundle.equals(networks.card().reference())) {
                throw new IllegalArgumentException(name + " was found for " + bundle + " and says nothing about "
                        + networks.card().reference() + ".");
            }
            return boundary;
        } catch (IllegalArgumentException e) {
            throw new JobException(ErrorCategory.INPUT_UNREADABLE, String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * The normals of conditions.
     *
     * @param inZ whether they are for a boundary in z
     * @throws JobException INVALID_REQUEST if one lies in the other space
     */
    static List<double[]> normals(List<Input> conditions, boolean inZ, BundleNetworks networks, Inputs inputs,
            NDManager manager) {
        return conditions.stream().map(input -> {
            var condition = read(input, networks, inputs, manager);
            if (condition.isInZ() != inZ) {
                throw new JobException(ErrorCategory.INVALID_REQUEST, "A condition is a boundary in " + (inZ
                        ? "w"
                        : "z")
                        + ", but this one is in " + (inZ ? "z" : "w") + ": both must be in one space.");
            }
            return condition.normal();
        }).toList();
    }
}
