package org.atelier.dispatcher.schedule;

import org.atelier.common.job.AttemptId;

/**
 * An attempt that a worker holds the claim of.
 *
 * @param attempt  what runs
 * @param worker   who runs it
 * @param host     where
 * @param sequence of its newest known sign of life; -1 before the first
 */
public record RunningAttempt(AttemptId attempt, String worker, String host, long sequence) {}
