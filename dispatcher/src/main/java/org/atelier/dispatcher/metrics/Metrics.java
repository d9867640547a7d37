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

/** Every meter of the dispatcher by name. Safe for use by several threads. */
public final class Metrics {
    private final MeterRegistry registry;
    private final AtomicLong orphansFound = new AtomicLong();
    private final AtomicLong orphanBytesFound = new AtomicLong();

    public Metrics(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("atelier.gc.orphans", orphansFound, AtomicLong::get)
                .description("Blobs that nothing names and that are still there, as the last collection found them")
                .register(registry);
        Gauge.builder("atelier.gc.orphan.bytes", orphanBytesFound, AtomicLong::get)
                .description("Size of the blobs that nothing names and that are still there")
                .register(registry);
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
        count("atelier.jobs.accepted", "Jobs accepted", "type", type.wireName(), "channel", channel.toString());
    }

    /** A request was refused, or was another one under a taken id. */
    public void refused(Channel channel) {
        count("atelier.requests.refused", "Requests refused", "channel", channel.toString());
    }

    /** A record could not be read, or is in a form that only a later version knows. */
    public void unreadable(String topic) {
        count("atelier.records.unreadable", "Records that could not be read and were passed over", "topic", topic);
    }

    /** A record was read, and a defect kept it from having its effect. */
    public void skipped(String topic) {
        count("atelier.records.skipped", "Records passed over because of a defect", "topic", topic);
    }

    /** An attempt was fed. */
    public void fed(String pool) {
        count("atelier.attempts.fed", "Attempts fed to ready topics", "pool", pool);
    }

    /** An attempt was fed once more. */
    public void fedAgain(String pool) {
        count("atelier.attempts.fed.again", "Attempts fed again because nobody claimed them", "pool", pool);
    }

    /** An attempt was declared lost. */
    public void lost() {
        count("atelier.attempts.lost", "Attempts whose worker went silent");
    }

    /** An attempt failed. */
    public void failed(ErrorCategory category) {
        count("atelier.attempts.failed", "Attempts that failed", "category", category.name());
    }

    /** The end of a run was told. */
    public void ended(Outcome outcome, JobType type) {
        count("atelier.runs.ended", "Ends of runs told on the results topic, repeats included", "outcome",
                outcome.name().toLowerCase(Locale.ROOT), "type", type.wireName());
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
        Counter.builder("atelier.webhook.deliveries")
                .description("Attempts to deliver to webhooks, and deliveries that were dropped")
                .tag("result", result.name().toLowerCase(Locale.ROOT))
                .register(registry)
                .increment(deliveries);
    }

    /** Measures, whenever it is asked for, how much is to be delivered to webhooks. */
    public void webhooksPending(Supplier<Number> deliveries) {
        Gauge.builder("atelier.webhook.pending", deliveries).description("Deliveries to webhooks that are not done")
                .register(registry);
    }

    /** A round of decisions could not be made in full. */
    public void outage(String what) {
        count("atelier.outages", "Decisions put off because something was away", "what", what);
    }

    /** A garbage collection went through the store. */
    public void collected(long orphans, long orphanBytes, long swept, long sweptBytes) {
        orphansFound.set(orphans - swept);
        orphanBytesFound.set(orphanBytes - sweptBytes);
        count("atelier.gc.runs", "Garbage collections that came to their end");
        add("atelier.gc.swept", "Blobs removed because nothing named them", swept);
        add("atelier.gc.swept.bytes", "Size of the blobs removed because nothing named them", sweptBytes);
    }

    /** An erasure is done. */
    public void erased(long jobs, long blobs, long bytes) {
        add("atelier.erased.jobs", "Jobs erased, by request or because their time was over", jobs);
        add("atelier.erased.blobs", "Blobs removed with erased jobs", blobs);
        add("atelier.erased.bytes", "Size of the blobs removed with erased jobs", bytes);
    }

    /** Measures, whenever it is asked for, how many slots of each pool are alive. */
    public void slots(Set<String> pools, ToDoubleFunction<String> slots) {
        pools.forEach(pool -> Gauge.builder("atelier.slots", () -> slots.applyAsDouble(pool))
                .description("Slots of workers that are alive")
                .tag("pool", pool)
                .register(registry));
    }

    /** Measures, whenever it is asked for, how many jobs are in a state. */
    public void jobs(String state, Supplier<Number> jobs) {
        Gauge.builder("atelier.jobs", jobs).description("Jobs by state").tag("state", state).register(registry);
    }

    /** Measures, whenever it is asked for, whether this dispatcher leads. */
    public void leader(BooleanSupplier leads) {
        Gauge.builder("atelier.leader", () -> leads.getAsBoolean() ? 1 : 0)
                .description("1 on the dispatcher that reads the topics and decides, 0 on the others")
                .register(registry);
    }

    private void add(String name, String description, long amount) {
        Counter.builder(name).description(description).register(registry).increment(amount);
    }

    private void count(String name, String description, String... tags) {
        Counter.builder(name).description(description).tags(tags).register(registry).increment();
    }
}
