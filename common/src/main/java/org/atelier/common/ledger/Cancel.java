package org.atelier.common.ledger;

import java.time.Instant;

import org.atelier.common.job.RunId;

/**
 * {@code cancel.json}: somebody wants a run to end. Durable, so that it is found by whoever holds the run, also later.
 *
 * @param run         the run
 * @param actor       who wants it
 * @param requestedAt by the dispatcher's clock
 */
public record Cancel(RunId run, String actor, Instant requestedAt) {}
