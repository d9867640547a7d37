package org.atelier.worker.quality;

/**
 * Verdicts added up.
 *
 * @param edits   how many were judged
 * @param reached how many of them show what was asked for
 * @param kept    sum of the shares that stayed
 */
public record Tally(int edits, int reached, double kept) {
    /** Nothing yet. */
    public static final Tally EMPTY = new Tally(0, 0, 0);

    /** With one more. */
    public Tally plus(Verdict verdict) {
        return new Tally(edits + 1, reached + (verdict.reached() ? 1 : 0), kept + verdict.kept());
    }

    /** With those of another tally. */
    public Tally plus(Tally other) {
        return new Tally(edits + other.edits, reached + other.reached, kept + other.kept);
    }

    /** The share of edits that show what was asked for, 0 to 1; 0 where there are none. */
    public double reachedShare() {
        return edits == 0 ? 0 : (double) reached / edits;
    }

    /** The mean share of other attributes that stayed, 0 to 1; 0 where there are no edits. */
    public double keptShare() {
        return edits == 0 ? 0 : kept / edits;
    }
}
