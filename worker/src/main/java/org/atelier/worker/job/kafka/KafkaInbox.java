package org.atelier.worker.job.kafka;

import java.util.function.Consumer;

import org.atelier.common.event.Message.CancelRequested;
import org.atelier.common.event.Message.JobErased;
import org.atelier.common.kafka.KafkaSettings;
import org.atelier.worker.job.slot.ControlListener;
import org.atelier.worker.job.slot.Inbox;
import org.atelier.worker.job.slot.ReadyConsumers;
import org.atelier.worker.job.time.Timing;

/** The topics that a worker reads. */
public final class KafkaInbox implements Inbox {
    private final KafkaSettings kafka;
    private final String pool;
    private final String worker;
    private final Timing timing;

    /**
     * For one worker.
     *
     * @param pool   whose ready topic it reads
     * @param worker its name, which client ids start with
     */
    public KafkaInbox(KafkaSettings kafka, String pool, String worker, Timing timing) {
        this.kafka = kafka;
        this.pool = pool;
        this.worker = worker;
        this.timing = timing;
    }

    @Override
    public ReadyConsumers ready(String slot) {
        return new KafkaReadyConsumers(kafka, pool, worker + "-" + slot);
    }

    @Override
    public ControlListener control(Consumer<CancelRequested> onCancel) {
        return control(onCancel, erased -> {});
    }

    @Override
    public ControlListener control(Consumer<CancelRequested> onCancel, Consumer<JobErased> onErase) {
        return new KafkaControl(kafka, worker + "-control", onCancel, onErase, timing);
    }
}
