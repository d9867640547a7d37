package org.atelier.worker.job.attempt;

import java.util.Optional;

import org.atelier.common.job.AttemptId;

/** What was logged last within the attempts of this process; kept in the store as evidence of what became of them. */
public interface AttemptLogs {
    /** None is kept. */
    AttemptLogs NONE = new AttemptLogs() {
        @Override
        public Optional<String> fresh(AttemptId attempt) {
            return Optional.empty();
        }

        @Override
        public void forget(AttemptId attempt) {
            // There is nothing.
        }
    };

    /** The last lines of an attempt, oldest first; empty if there are none that an earlier call did not give. */
    Optional<String> fresh(AttemptId attempt);

    /** The attempt is over. */
    void forget(AttemptId attempt);
}
