package org.atelier.worker.job.runner;

import java.io.IOException;
import java.nio.file.Path;

/** Writes the state of a runner to a file, whole: what an undisturbed run would go on with, and nothing less. */
@FunctionalInterface
public interface StateWriter {
    /**
     * Writes.
     *
     * @param file does not exist yet
     */
    void write(Path file) throws IOException;
}
