package org.atelier.worker.job.slot;

import java.util.function.Consumer;

import org.atelier.common.event.Message.CancelRequested;

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
}
