package org.atelier.worker.job.runner;

/**
 * Why a running attempt must stop. Of several reasons the gravest counts: whoever lost the right to run an attempt must
 * not end it in any way.
 */
public sealed interface StopReason {
    /** The greater, the graver. */
    int gravity();

    /** The worker leaves: the work is to be saved and handed back. */
    record Draining() implements StopReason {
        @Override
        public int gravity() {
            return 0;
        }
    }

    /**
     * Somebody cancelled the run.
     *
     * @param actor who
     */
    record Cancelled(String actor) implements StopReason {
        @Override
        public int gravity() {
            return 1;
        }
    }

    /**
     * The lease could not be renewed: others must take this attempt for dead.
     *
     * @param problem what the last renewal met
     */
    record LeaseLost(String problem) implements StopReason {
        @Override
        public int gravity() {
            return 2;
        }
    }

    /**
     * A later attempt at the same run has been claimed: this one was taken for dead.
     *
     * @param worker who claimed it
     */
    record Superseded(String worker) implements StopReason {
        @Override
        public int gravity() {
            return 3;
        }
    }
}
