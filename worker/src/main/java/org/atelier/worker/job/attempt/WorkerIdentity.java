package org.atelier.worker.job.attempt;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Who runs attempts.
 *
 * @param name        of the worker, unique among those alive
 * @param host        where it runs, for people
 * @param environment what its numbers depend on: engine, device, threads, processor; kept in manifests
 * @param memoryBytes device memory that its jobs may take; absent where it does not know
 */
public record WorkerIdentity(String name, String host, Map<String, String> environment, @Nullable Long memoryBytes) {
    public WorkerIdentity {
        environment = Map.copyOf(environment);
    }

    /** With an unknown amount of memory. */
    public WorkerIdentity(String name, String host, Map<String, String> environment) {
        this(name, host, environment, null);
    }
}
