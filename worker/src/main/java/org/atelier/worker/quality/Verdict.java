package org.atelier.worker.quality;

import java.util.Set;

/**
 * What an edit did to one picture.
 *
 * @param reached whether the wanted thing is there now
 * @param others  how many other attributes mean something before and after
 * @param changed those of them that are different now
 */
public record Verdict(boolean reached, int others, Set<String> changed) {
    public Verdict {
        changed = Set.copyOf(changed);
    }

    /** Which share of the other attributes stayed, 0 to 1. */
    public double kept() {
        return others == 0 ? 1 : 1 - (double) changed.size() / others;
    }
}
