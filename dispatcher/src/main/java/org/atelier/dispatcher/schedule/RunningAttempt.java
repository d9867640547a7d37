package org.atelier.dispatcher.schedule;

import java.time.Duration;

import org.atelier.common.job.AttemptId;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that a worker holds the claim of.
 *
 * @param attempt  what runs
 * @param worker   who runs it
 * @param host     where
 * @param sequence of its newest known sign of life; -1 before the first
 * @param limit    longest time that it may run; absent where its request is not known yet
 */
public record RunningAttempt(AttemptId attempt, String worker, String host, long sequence, @Nullable Duration limit) {}
