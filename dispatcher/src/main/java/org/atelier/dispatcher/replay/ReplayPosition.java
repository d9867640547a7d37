package org.atelier.dispatcher.replay;

/**
 * {@code position.json} of a replay: how far it is. It may lag behind; what is done again comes to the same end.
 *
 * @param next     index into the plan of what is next
 * @param replayed how many run again
 * @param skipped  how many could not: another replay was first, their request is gone, or the new values do not fit it
 */
public record ReplayPosition(int next, int replayed, int skipped) {
    static final ReplayPosition START = new ReplayPosition(0, 0, 0);
}
