package org.atelier.common.ledger;

import java.time.Instant;

import org.atelier.common.job.RunId;

/**
 * {@code replay.json}: makes a run that is not the first. Whoever creates it has asked for the run.
 *
 * @param run    the run that is asked for
 * @param replay the replay that asks
 * @param actor  who asked for that
 * @param at     when, by the clock of the dispatcher
 */
public record RunOrigin(RunId run, String replay, String actor, Instant at) {}
