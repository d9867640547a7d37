package org.atelier.dispatcher.schedule;

import org.atelier.common.job.AttemptId;

/**
 * An attempt that may be fed now.
 *
 * @param attempt  what would be fed
 * @param priority among the jobs of its tenant
 * @param bundle   the bundle version that it runs on
 */
public record Waiting(AttemptId attempt, int priority, String bundle) {}
