package org.atelier.worker.job.slot;

import java.util.function.Consumer;

import org.atelier.common.event.Message.CancelRequested;
import org.atelier.common.event.Message.JobErased;

/** Where a worker's work and orders come from. */
public interface Inbox {
    /** Opens the share consumers of one slot. */
    ReadyConsumers ready(String slot);

    /**
     * Listens to the broadcast of cancels.
     *
     * @param onCancel called by the thread that takes the listener's turns
     */
    ControlListener control(Consumer<CancelRequested> onCancel);

    /**
     * Listens to the broadcast of cancels and erasures.
     *
     * @param onCancel called by the thread that takes the listener's turns
     * @param onErase  called by the thread that takes the listener's turns
     */
    default ControlListener control(Consumer<CancelRequested> onCancel, Consumer<JobErased> onErase) {
        return control(onCancel);
    }
}
