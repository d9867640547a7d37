package org.atelier.worker.job.slot;

import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.StoreKeys;

/** Whether a slot may take work: only while the store answers, because a claim is an object in it. */
public final class StoreGate {
    private static final String NOTHING = StoreKeys.PROBES + "gate";

    private final ObjectStore store;

    public StoreGate(ObjectStore store) {
        this.store = store;
    }

    /**
     * Passes if the store answers.
     *
     * @throws org.atelier.common.store.StoreException if it does not
     */
    public void check() {
        store.stat(NOTHING);
    }
}
