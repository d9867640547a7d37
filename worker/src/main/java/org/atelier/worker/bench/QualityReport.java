package org.atelier.worker.bench;

import java.util.Map;

import org.atelier.worker.quality.Tally;

/**
 * What a method did.
 *
 * @param all            all edits
 * @param groups         by the group of their prompts
 * @param prompts        by prompt
 * @param control        the prompt that asks for nothing: how often wanted things appear, and how much stays, without being
 *                       asked for
 * @param pasted         all edits, pasted into the pictures before: what is not kept there the reader itself doubts
 * @param changed        attributes that changed unasked, with their number
 * @param secondsPerEdit wall-clock time
 */
record QualityReport(
        Line all,
        Map<String, Line> groups,
        Map<String, Line> prompts,
        Line control,
        Line pasted,
        Map<String, Integer> changed,
        double secondsPerEdit) {
    /**
     * A tally as shares.
     *
     * @param reached share of edits that show what was asked for
     * @param kept    mean share of other attributes that stayed
     * @param edits   how many were judged
     */
    record Line(double reached, double kept, int edits) {
        static Line of(Tally tally) {
            return new Line(tally.reachedShare(), tally.keptShare(), tally.edits());
        }
    }
}
