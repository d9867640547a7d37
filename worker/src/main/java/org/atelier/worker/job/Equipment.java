package org.atelier.worker.job;

import java.util.Map;
import java.util.Optional;

import org.atelier.worker.job.runner.Runners;

/**
 * What a worker computes with. Made before it takes any work: no lock of a record may tick while things load.
 *
 * @param runners     one a job type
 * @param environment what results depend on beside request and weights; kept in manifests
 * @param memoryBytes of the device; empty where that is not known
 */
public record Equipment(Runners runners, Map<String, String> environment, Optional<Long> memoryBytes) {
    public Equipment {
        environment = Map.copyOf(environment);
    }

    /** On a device of unknown size. */
    public Equipment(Runners runners, Map<String, String> environment) {
        this(runners, environment, Optional.empty());
    }
}
