package org.atelier.dispatcher.schedule;

import org.atelier.common.job.RunId;

/**
 * A run that nobody works on.
 *
 * @param run     the run
 * @param attempt its newest attempt; 0 before the first
 */
public record IdleRun(RunId run, int attempt) {}
