package org.atelier.common.ledger;

import java.time.Instant;

import org.atelier.common.job.JobId;

/**
 * {@code erased.json}: all that is left of a job that was erased. It holds nothing of what the job was about, and keeps
 * records that are read again from bringing the job back.
 *
 * @param job     its id, which is used up
 * @param tenant  whose it was
 * @param erasure that erased it
 * @param at      when that began, by the dispatcher's clock
 */
public record Erased(JobId job, String tenant, String erasure, Instant at) {}
