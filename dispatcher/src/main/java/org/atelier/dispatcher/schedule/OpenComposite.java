package org.atelier.dispatcher.schedule;

/**
 * A composite job that could start and has not ended.
 *
 * @param run        its newest run, with its attempt: 0 before its first part, 1 from then on
 * @param cancelling whether somebody wants its end
 * @param known      how many parts the book knows, of all its runs
 * @param ended      how many of them have ended
 */
public record OpenComposite(IdleRun run, boolean cancelling, int known, int ended) {}
