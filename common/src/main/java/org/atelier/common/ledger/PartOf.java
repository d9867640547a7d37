package org.atelier.common.ledger;

import org.atelier.common.job.RunId;

/**
 * The place of a job in a composite job.
 *
 * @param composite the run of the composite job that made it
 * @param phase     counted from 1: the parts of a phase are made when all of the phase before have ended
 * @param index     in its phase, counted from 0
 */
public record PartOf(RunId composite, int phase, int index) {}
