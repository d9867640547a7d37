package org.atelier.dispatcher.schedule;

import org.atelier.common.job.AttemptId;

/**
 * An attempt that was fed and that, as far as is known, nobody has claimed.
 *
 * @param attempt    what may be claimed
 * @param pool       whose ready topic holds its record
 * @param record     where
 * @param cancelling whether somebody wants the run to end
 */
public record FedAttempt(AttemptId attempt, String pool, ReadyRecord record, boolean cancelling) {}
