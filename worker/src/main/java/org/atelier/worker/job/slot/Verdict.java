package org.atelier.worker.job.slot;

import org.atelier.worker.job.attempt.Attempt;

/** What a slot does with a record. */
public sealed interface Verdict {
    /** The word for it in metrics. */
    String word();

    /** Nobody can read it: to the dead letters. */
    record Reject(String reason) implements Verdict {
        @Override
        public String word() {
            return "rejected";
        }
    }

    /**
     * It is not ours, and all that had to be told about it is told: accept it and go on.
     *
     * @param word   for metrics
     * @param reason for people
     */
    record Leave(String word, String reason) implements Verdict {}

    /** It is ours: run it. */
    record Run(Attempt attempt) implements Verdict {
        @Override
        public String word() {
            return "claimed";
        }
    }
}
