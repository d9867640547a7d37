package org.atelier.common.ledger;

import java.time.Instant;

import org.atelier.common.job.AttemptId;
import org.jspecify.annotations.Nullable;

/**
 * {@code claim.json}: whoever creates it may run the attempt, nobody else ever.
 *
 * @param attempt   what is claimed
 * @param token     of the claimant, never used twice: tells our own claim from another's when an answer was lost
 * @param worker    name of the worker, for people
 * @param host      where it runs, for people
 * @param claimedAt by the worker's clock, for people
 * @param slot      of the worker, for people; absent where an older worker wrote it
 */
public record Claim(AttemptId attempt, String token, String worker, String host, Instant claimedAt,
        @Nullable String slot) {
    /** Of a worker that does not name its slots. */
    public Claim(AttemptId attempt, String token, String worker, String host, Instant claimedAt) {
        this(attempt, token, worker, host, claimedAt, null);
    }
}
