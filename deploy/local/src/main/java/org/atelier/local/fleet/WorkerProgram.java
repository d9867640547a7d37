package org.atelier.local.fleet;

import java.nio.file.Path;
import java.util.List;

/**
 * What a worker's process runs.
 *
 * @param mainClass its main class
 * @param jars      what it needs beside the worker's own class path
 */
public record WorkerProgram(String mainClass, List<Path> jars) {
    /** The worker that edits. */
    public static final WorkerProgram PRODUCT = new WorkerProgram("org.atelier.worker.job.WorkerMain", List.of());

    public WorkerProgram {
        jars = List.copyOf(jars);
    }
}
