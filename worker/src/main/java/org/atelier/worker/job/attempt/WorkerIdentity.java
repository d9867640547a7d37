package org.atelier.worker.job.attempt;

import java.util.Map;

/**
 * Who runs attempts.
 *
 * @param name        of the worker, unique among those alive
 * @param host        where it runs, for people
 * @param environment what its numbers depend on: engine, device, threads, processor; kept in manifests
 */
public record WorkerIdentity(String name, String host, Map<String, String> environment) {
    public WorkerIdentity {
        environment = Map.copyOf(environment);
    }
}
