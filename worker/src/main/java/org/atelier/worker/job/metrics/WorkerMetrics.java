package org.atelier.worker.job.metrics;

import java.util.Map;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.atelier.common.job.JobType;

/** The meters of a worker, each with its name and meaning in {@link Meter}. */
public final class WorkerMetrics {
    /** Every meter, its name and what it says. */
    public enum Meter {
        /** By verdict. */
        DELIVERIES("atelier.worker.deliveries", "records that slots received, by what became of them"),
        /** Share-group locks. */
        LOCKS_LOST("atelier.worker.locks.lost",
                "times that a slot lost the lock of the record it was working on; the lease decides then"),
        /** Share consumers. */
        CONSUMER_FAILURES("atelier.worker.consumer.failures",
                "times that a slot had to close its consumer and begin anew"),
        /** Leases. */
        LEASE_FAILURES("atelier.worker.lease.failures", "renewals of leases that failed"),
        /** By type and end. */
        ATTEMPTS("atelier.worker.attempts", "attempts that ended, by job type and how"),
        /** By type and phase. */
        SECONDS("atelier.worker.seconds", "seconds that attempts took, by job type and phase"),
        /** By type. */
        WASTED_SECONDS("atelier.worker.wasted.seconds", "seconds of attempts whose work was of no use, by job type"),
        /** Checkpoints. */
        CHECKPOINTS("atelier.worker.checkpoints", "checkpoints written"),
        /** Progress events. */
        LOST_EVENTS("atelier.worker.events.lost", "progress events that could not be sent"),
        /** Gauge. */
        RUNNING("atelier.worker.running", "attempts running now");

        private final String meterName;
        private final String meaning;

        Meter(String meterName, String meaning) {
            this.meterName = meterName;
            this.meaning = meaning;
        }

        /** Its name; registries spell it their own way. */
        public String meterName() {
            return meterName;
        }

        /** What it says. */
        public String meaning() {
            return meaning;
        }
    }

    private final MeterRegistry registry;

    public WorkerMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Shows how many attempts run. */
    public void watchRunning(Supplier<Number> running) {
        Gauge.builder(Meter.RUNNING.meterName(), running).description(Meter.RUNNING.meaning()).register(registry);
    }

    /** A slot received a record. */
    public void delivered(String verdict) {
        counter(Meter.DELIVERIES, "verdict", verdict).increment();
    }

    /** A slot lost the lock of the record that it was working on. */
    public void lockLost() {
        counter(Meter.LOCKS_LOST).increment();
    }

    /** A slot had to close its consumer. */
    public void consumerFailed() {
        counter(Meter.CONSUMER_FAILURES).increment();
    }

    /** A lease was not renewed. */
    public void leaseFailed() {
        counter(Meter.LEASE_FAILURES).increment();
    }

    /** A checkpoint was written. */
    public void checkpointed() {
        counter(Meter.CHECKPOINTS).increment();
    }

    /** A progress event was lost. */
    public void eventLost() {
        counter(Meter.LOST_EVENTS).increment();
    }

    /**
     * An attempt ended.
     *
     * @param seconds where its time went
     */
    public void ended(JobType type, String how, Map<String, Double> seconds) {
        counter(Meter.ATTEMPTS, "type", type.wireName(), "end", how).increment();
        seconds.forEach((phase, amount) -> counter(Meter.SECONDS, "type", type.wireName(), "phase", phase).increment(
                amount));
    }

    /** An attempt's work was of no use. */
    public void wasted(JobType type, double seconds) {
        counter(Meter.WASTED_SECONDS, "type", type.wireName()).increment(seconds);
    }

    private Counter counter(Meter meter, String... tags) {
        return Counter.builder(meter.meterName()).description(meter.meaning()).tags(tags).register(registry);
    }
}
