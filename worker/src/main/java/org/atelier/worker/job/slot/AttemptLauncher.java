package org.atelier.worker.job.slot;

import java.time.Duration;

import org.atelier.worker.job.attempt.Attempt;
import org.atelier.worker.job.attempt.Settlement;

/** Runs attempts beside the thread of the slot, which has its record to hold. */
public interface AttemptLauncher {
    /** Starts an attempt: executes it, and lets its heart beat until it has ended. */
    Running launch(Attempt attempt);

    /** An attempt that was started. */
    interface Running {
        /**
         * Waits for its end.
         *
         * @return whether it has ended
         */
        boolean await(Duration atMost);

        /** What is to become of its record, once it has ended. */
        Settlement settlement();
    }
}
