package org.atelier.dispatcher.projection;

/**
 * How much the projection knows of a job.
 *
 * @param requested whether it has the request
 * @param run       the newest run
 * @param attempt   the newest attempt of that; 0 before the first
 * @param ended     whether that run has ended
 * @param cancelled the newest run that somebody wanted to end; 0 where there is none
 */
public record KnownJob(boolean requested, int run, int attempt, boolean ended, int cancelled) {
    /** Nothing is known. */
    public static final KnownJob NOTHING = new KnownJob(false, 0, 0, false, 0);
}
