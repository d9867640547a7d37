package org.atelier.common.ledger;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.job.AttemptId;

/**
 * {@code checkpoint.json}: where a later attempt can go on. Written after its blob, so that it is never incomplete.
 *
 * @param attempt the attempt that wrote it
 * @param step    steps done
 * @param state   the blob with everything that the next step depends on
 */
public record Checkpoint(AttemptId attempt, int step, Artifact state) {}
