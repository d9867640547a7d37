package org.atelier.common.ledger;

import java.time.Instant;

import org.atelier.common.job.AttemptId;

/**
 * {@code claim.json}: whoever creates it may run the attempt, nobody else ever.
 *
 * @param attempt   what is claimed
 * @param token     of the claimant, never used twice: tells our own claim from another's when an answer was lost
 * @param worker    name of the worker, for people
 * @param host      where it runs, for people
 * @param claimedAt by the worker's clock, for people
 */
public record Claim(AttemptId attempt, String token, String worker, String host, Instant claimedAt) {}
