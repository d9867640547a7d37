package org.atelier.dispatcher.metrics;

import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.job.JobType;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.metrics.Meter;

/** The meters of a dispatcher. Safe for use by several threads. */
public final class Metrics {
    private final MeterRegistry registry;
    private final AtomicLong orphansFound = new AtomicLong();
    private final AtomicLong orphanBytesFound = new AtomicLong();

    public Metrics(MeterRegistry registry) {
        this.registry = registry;
        gauge(Meter.GC_ORPHANS, orphansFound::get);
        gauge(Meter.GC_ORPHAN_BYTES, orphanBytesFound::get);
    }

    /** How a request came. */
    public enum Channel {
        /** Over HTTP. */
        HTTP,
        /** As a record. */
        KAFKA;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A job was accepted. */
    public void accepted(JobType type, Channel channel) {
        count(Meter.JOBS_ACCEPTED, type.wireName(), channel.toString());
    }

    /** A request was refused, or was another one under a taken id. */
    public void refused(Channel channel) {
        count(Meter.REQUESTS_REFUSED, channel.toString());
    }

    /** A record could not be read, or is in a form that only a later version knows. */
    public void unreadable(String topic) {
        count(Meter.RECORDS_UNREADABLE, topic);
    }

    /** A record was read, and a defect kept it from having its effect. */
    public void skipped(String topic) {
        count(Meter.RECORDS_SKIPPED, topic);
    }

    /** An attempt was fed. */
    public void fed(String pool) {
        count(Meter.ATTEMPTS_FED, pool);
    }

    /** An attempt was fed once more. */
    public void fedAgain(String pool) {
        count(Meter.ATTEMPTS_FED_AGAIN, pool);
    }

    /** An attempt was declared lost. */
    public void lost() {
        count(Meter.ATTEMPTS_LOST);
    }

    /** An attempt failed. */
    public void failed(ErrorCategory category) {
        count(Meter.ATTEMPTS_FAILED, category.name());
    }

    /** The end of a run was told. */
    public void ended(Outcome outcome, JobType type) {
        count(Meter.RUNS_ENDED, outcome.name().toLowerCase(Locale.ROOT), type.wireName());
    }

    /** What came of a delivery to a webhook. */
    public enum WebhookResult {
        /** The receiver has it. */
        DELIVERED,
        /** The attempt failed; there is another. */
        FAILED,
        /** The attempt failed, and was the last. */
        GIVEN_UP,
        /** The webhook is no more. */
        DROPPED
    }

    /** Deliveries to webhooks came to something. */
    public void webhook(WebhookResult result, int deliveries) {
        add(Meter.WEBHOOK_DELIVERIES, deliveries, result.name().toLowerCase(Locale.ROOT));
    }

    /** Measures, whenever it is asked for, how much is to be delivered to webhooks. */
    public void webhooksPending(Supplier<Number> deliveries) {
        gauge(Meter.WEBHOOK_PENDING, deliveries);
    }

    /** A round of decisions could not be made in full. */
    public void outage(String what) {
        count(Meter.OUTAGES, what);
    }

    /** A garbage collection went through the store. */
    public void collected(long orphans, long orphanBytes, long swept, long sweptBytes) {
        orphansFound.set(orphans - swept);
        orphanBytesFound.set(orphanBytes - sweptBytes);
        count(Meter.GC_RUNS);
        add(Meter.GC_SWEPT, swept);
        add(Meter.GC_SWEPT_BYTES, sweptBytes);
    }

    /** An erasure is done. */
    public void erased(long jobs, long blobs, long bytes) {
        add(Meter.ERASED_JOBS, jobs);
        add(Meter.ERASED_BLOBS, blobs);
        add(Meter.ERASED_BYTES, bytes);
    }

    /** Measures, whenever it is asked for, how many slots of each pool are alive. */
    public void slots(Set<String> pools, ToDoubleFunction<String> slots) {
        pools.forEach(pool -> gauge(Meter.SLOTS, () -> slots.applyAsDouble(pool), pool));
    }

    /** Measures, whenever it is asked for, how many jobs are in a state. */
    public void jobs(String state, Supplier<Number> jobs) {
        gauge(Meter.JOBS, jobs, state);
    }

    /** Measures, whenever it is asked for, whether this dispatcher leads. */
    public void leader(BooleanSupplier leads) {
        gauge(Meter.LEADER, () -> leads.getAsBoolean() ? 1 : 0);
    }

    private void gauge(Meter meter, Supplier<Number> value, String... tags) {
        Gauge.builder(meter.meterName(), value).description(meter.meaning()).tags(meter.tagged(tags)).register(
                registry);
    }

    private void count(Meter meter, String... tags) {
        add(meter, 1, tags);
    }

    private void add(Meter meter, long amount, String... tags) {
        Counter.builder(meter.meterName()).description(meter.meaning()).tags(meter.tagged(tags)).register(registry)
                .increment(amount);
    }
}
