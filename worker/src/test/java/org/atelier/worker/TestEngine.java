package org.atelier.worker;

import org.atelier.worker.tensor.TensorEngine;
import org.atelier.worker.tensor.TensorSettings;

/** The tensor engine of the test process, on the device that {@code ATELIER_DEVICE} names. */
public final class TestEngine {
    private TestEngine() {}

    private static final class Holder {
        private static final TensorEngine ENGINE = TensorEngine.start(TensorSettings.ofEnvironment());
    }

    /** Starts it on the first call. */
    public static TensorEngine get() {
        return Holder.ENGINE;
    }
}
