package org.atelier.worker.job.attempt;

import java.time.Duration;
import java.util.function.Supplier;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the store again when it does not answer: minutes of device time hang on a single write. Only for calls that may be
 * repeated, which all of the ledger's and the blobs' may. It gives up early when the attempt is no longer ours.
 */
final class StoreRetry {
    /** How often a call is made at most. */
    static final int TRIES = 5;

    private static final Logger log = LoggerFactory.getLogger(StoreRetry.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

    private final Lifeline lifeline;

    StoreRetry(Lifeline lifeline) {
        this.lifeline = lifeline;
    }

    /**
     * Makes a call.
     *
     * @throws StoreException what the last try met
     */
    <T> T call(Supplier<T> call) {
        var pause = FIRST_PAUSE;
        for (int tries = 1;; tries++) {
            try {
                return call.get();
            } catch (StoreException e) {
                boolean hopeless = e.category() != ErrorCategory.STORAGE_UNAVAILABLE || tries == TRIES;
                if (hopeless || lifeline.lost().await(pause)) {
                    throw e;
                }
                log.warn("{}: {} Trying again.", lifeline.attempt(), e.getMessage());
                pause = pause.multipliedBy(2);
            }
        }
    }
}
