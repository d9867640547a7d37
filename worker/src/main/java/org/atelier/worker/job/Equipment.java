package org.atelier.worker.job;

import java.util.Map;

import org.atelier.worker.job.runner.Runners;

/**
 * What a worker computes with. Made before it takes any work: no lock of a record may tick while things load.
 *
 * @param runners     one a job type
 * @param environment what results depend on beside request and weights; kept in manifests
 */
public record Equipment(Runners runners, Map<String, String> environment) {
    public Equipment {
        environment = Map.copyOf(environment);
    }
}
