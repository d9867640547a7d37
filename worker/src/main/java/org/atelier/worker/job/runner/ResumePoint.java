package org.atelier.worker.job.runner;

import java.nio.file.Path;

/**
 * Where an earlier attempt had got to.
 *
 * @param step  steps done
 * @param state the file that its {@link StateWriter} wrote, checked against its digest
 */
public record ResumePoint(int step, Path state) {}
