package org.atelier.worker.job.metrics;

import java.util.Map;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.atelier.common.job.JobType;
import org.atelier.common.metrics.Meter;

/** The meters of a worker. Safe for use by several threads. */
public final class WorkerMetrics {
    private final MeterRegistry registry;

    public WorkerMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Shows how many attempts run. */
    public void watchRunning(Supplier<Number> running) {
        Gauge.builder(Meter.WORKER_RUNNING.meterName(), running).description(Meter.WORKER_RUNNING.meaning()).register(
                registry);
    }

    /** A slot received a record. */
    public void delivered(String verdict) {
        counter(Meter.WORKER_DELIVERIES, verdict).increment();
    }

    /** A slot lost the lock of the record that it was working on. */
    public void lockLost() {
        counter(Meter.WORKER_LOCKS_LOST).increment();
    }

    /** A slot had to close its consumer. */
    public void consumerFailed() {
        counter(Meter.WORKER_CONSUMER_FAILURES).increment();
    }

    /** A lease was not renewed. */
    public void leaseFailed() {
        counter(Meter.WORKER_LEASE_FAILURES).increment();
    }

    /** A checkpoint was written. */
    public void checkpointed() {
        counter(Meter.WORKER_CHECKPOINTS).increment();
    }

    /** A progress event was lost. */
    public void eventLost() {
        counter(Meter.WORKER_EVENTS_LOST).increment();
    }

    /**
     * An attempt ended.
     *
     * @param seconds where its time went
     */
    public void ended(JobType type, String how, Map<String, Double> seconds) {
        counter(Meter.WORKER_ATTEMPTS, type.wireName(), how).increment();
        seconds.forEach((phase, amount) -> counter(Meter.WORKER_SECONDS, type.wireName(), phase).increment(
                amount));
    }

    /** An attempt's work was of no use. */
    public void wasted(JobType type, double seconds) {
        counter(Meter.WORKER_WASTED_SECONDS, type.wireName()).increment(seconds);
    }

    private Counter counter(Meter meter, String... values) {
        return Counter.builder(meter.meterName()).description(meter.meaning()).tags(meter.tagged(values)).register(
                registry);
    }
}
