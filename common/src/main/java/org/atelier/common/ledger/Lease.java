package org.atelier.common.ledger;

import org.atelier.common.job.AttemptId;

/**
 * {@code lease.json}: the holder of a claim is alive. Only the holder writes it.
 *
 * @param attempt  the attempt that is kept alive
 * @param token    the claim's
 * @param sequence rises with every renewal. Observers watch it move by their own clock; clocks of two machines are never
 *                 compared
 */
public record Lease(AttemptId attempt, String token, long sequence) {}
