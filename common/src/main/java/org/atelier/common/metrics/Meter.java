package org.atelier.common.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * Every meter that the processes of a fleet have. Nothing is counted or measured that does not stand here, and the table for
 * operators is written from here.
 */
public enum Meter {
    /** Gauge by state. */
    JOBS(Process.DISPATCHER, Kind.GAUGE, "atelier.jobs", List.of("state"), "jobs in each state",
            "queued ones that grow: more workers, or look at waiting_for of the oldest"),
    /** Counter by type and channel. */
    JOBS_ACCEPTED(Process.DISPATCHER, Kind.COUNTER, "atelier.jobs.accepted", List.of("type", "channel"),
            "jobs accepted, over HTTP and as records", "the arrival rate"),
    /** Counter by channel. */
    REQUESTS_REFUSED(Process.DISPATCHER, Kind.COUNTER, "atelier.requests.refused", List.of("channel"),
            "requests refused, or another one under a taken id",
            "a producer sends what is wrong: its log of refusals says what"),
    /** Counter by topic. */
    RECORDS_UNREADABLE(Process.DISPATCHER, Kind.COUNTER, "atelier.records.unreadable", List.of("topic"),
            "records that could not be read and were passed over", "somebody else writes to the topic"),
    /** Counter by topic. */
    RECORDS_SKIPPED(Process.DISPATCHER, Kind.COUNTER, "atelier.records.skipped", List.of("topic"),
            "records passed over because of a defect", "report it, with the log line that names the record"),
    /** Gauge by pool. */
    SLOTS(Process.DISPATCHER, Kind.GAUGE, "atelier.slots", List.of("pool"), "slots of workers that are alive",
            "0 with jobs queued: no worker of that pool runs"),
    /** Counter by pool. */
    ATTEMPTS_FED(Process.DISPATCHER, Kind.COUNTER, "atelier.attempts.fed", List.of("pool"),
            "attempts written to ready topics", "0 with jobs queued and slots idle: look at the dispatcher's log"),
    /** Counter by pool. */
    ATTEMPTS_FED_AGAIN(Process.DISPATCHER, Kind.COUNTER, "atelier.attempts.fed.again", List.of("pool"),
            "attempts fed again because nobody claimed them",
            "often: records are lost before any claim; look at the broker"),
    /** Counter. */
    ATTEMPTS_LOST(Process.DISPATCHER, Kind.COUNTER, "atelier.attempts.lost", List.of(),
            "attempts whose worker went silent",
            "nodes die or freeze; each has cost the time since its last checkpoint"),
    /** Counter by category. */
    ATTEMPTS_FAILED(Process.DISPATCHER, Kind.COUNTER, "atelier.attempts.failed", List.of("category"),
            "attempts that failed", "the category says whose fault it is: docs/operator.md"),
    /** Counter by outcome and type. */
    RUNS_ENDED(Process.DISPATCHER, Kind.COUNTER, "atelier.runs.ended", List.of("outcome", "type"),
            "ends of runs told on the results topic, repeats included", "the throughput, and the share that fails"),
    /** Counter by what was away. */
    OUTAGES(Process.DISPATCHER, Kind.COUNTER, "atelier.outages", List.of("what"),
            "rounds of decisions put off because something was away", "look at what is named"),
    /** Gauge. */
    LEADER(Process.DISPATCHER, Kind.GAUGE, "atelier.leader", List.of(),
            "1 on the dispatcher that reads the topics and decides, 0 on the others", "the sum over all must be 1"),
    /** Counter by result. */
    WEBHOOK_DELIVERIES(Process.DISPATCHER, Kind.COUNTER, "atelier.webhook.deliveries", List.of("result"),
            "attempts to deliver to webhooks, and deliveries that were dropped",
            "failed ones: the webhook's own page says what its receiver answered"),
    /** Gauge. */
    WEBHOOK_PENDING(Process.DISPATCHER, Kind.GAUGE, "atelier.webhook.pending", List.of(),
            "deliveries to webhooks that are not done", "grows while a receiver is away"),
    /** Counter. */
    GC_RUNS(Process.DISPATCHER, Kind.COUNTER, "atelier.gc.runs", List.of(),
            "garbage collections that came to their end", "none for longer than their interval: look at the log"),
    /** Counter. */
    GC_SWEPT(Process.DISPATCHER, Kind.COUNTER, "atelier.gc.swept", List.of(),
            "blobs removed because nothing named them", "nothing to do"),
    /** Counter. */
    GC_SWEPT_BYTES(Process.DISPATCHER, Kind.COUNTER, "atelier.gc.swept.bytes", List.of(),
            "size of the blobs removed because nothing named them, in bytes", "nothing to do"),
    /** Gauge. */
    GC_ORPHANS(Process.DISPATCHER, Kind.GAUGE, "atelier.gc.orphans", List.of(),
            "blobs that nothing names and that are still there, as the last collection found them",
            "grows: they are younger than the grace time, or collections only count"),
    /** Gauge. */
    GC_ORPHAN_BYTES(Process.DISPATCHER, Kind.GAUGE, "atelier.gc.orphan.bytes", List.of(),
            "size of the blobs that nothing names and that are still there, in bytes", "as above"),
    /** Counter. */
    ERASED_JOBS(Process.DISPATCHER, Kind.COUNTER, "atelier.erased.jobs", List.of(),
            "jobs erased, by request or because their time was over", "nothing to do"),
    /** Counter. */
    ERASED_BLOBS(Process.DISPATCHER, Kind.COUNTER, "atelier.erased.blobs", List.of(),
            "blobs removed with erased jobs", "nothing to do"),
    /** Counter. */
    ERASED_BYTES(Process.DISPATCHER, Kind.COUNTER, "atelier.erased.bytes", List.of(),
            "size of the blobs removed with erased jobs, in bytes", "nothing to do"),
    /** Gauge. */
    WORKER_RUNNING(Process.WORKER, Kind.GAUGE, "atelier.worker.running", List.of(), "attempts running now",
            "below the worker's slots while jobs wait: look at its log"),
    /** Counter by verdict. */
    WORKER_DELIVERIES(Process.WORKER, Kind.COUNTER, "atelier.worker.deliveries", List.of("verdict"),
            "records that slots received, by what became of them",
            "rejected ones went to the dead letters: look who writes there"),
    /** Counter by type and end. */
    WORKER_ATTEMPTS(Process.WORKER, Kind.COUNTER, "atelier.worker.attempts", List.of("type", "end"),
            "attempts that ended, by job type and how",
            "superseded or late ones were slower than the dispatcher's patience"),
    /** Counter by type and phase. */
    WORKER_SECONDS(Process.WORKER, Kind.COUNTER, "atelier.worker.seconds", List.of("type", "phase"),
            "seconds that attempts took, by job type and phase",
            "much loading: bundles are not resident or workers start cold"),
    /** Counter by type. */
    WORKER_WASTED_SECONDS(Process.WORKER, Kind.COUNTER, "atelier.worker.wasted.seconds", List.of("type"),
            "seconds of attempts whose work was of no use, by job type",
            "checkpoint more often, or find what kills attempts"),
    /** Counter. */
    WORKER_CHECKPOINTS(Process.WORKER, Kind.COUNTER, "atelier.worker.checkpoints", List.of(), "checkpoints written",
            "none of a long job: it would begin anew"),
    /** Counter. */
    WORKER_LEASE_FAILURES(Process.WORKER, Kind.COUNTER, "atelier.worker.lease.failures", List.of(),
            "renewals of leases that failed", "the store is slow or away; after three in a row an attempt gives up"),
    /** Counter. */
    WORKER_LOCKS_LOST(Process.WORKER, Kind.COUNTER, "atelier.worker.locks.lost", List.of(),
            "times that a slot lost the lock of the record it was working on; the lease decides then",
            "often: the lock is shorter than the worker's pauses, or the broker restarts"),
    /** Counter. */
    WORKER_CONSUMER_FAILURES(Process.WORKER, Kind.COUNTER, "atelier.worker.consumer.failures", List.of(),
            "times that a slot had to close its consumer and begin anew", "look at broker and store"),
    /** Counter. */
    WORKER_EVENTS_LOST(Process.WORKER, Kind.COUNTER, "atelier.worker.events.lost", List.of(),
            "progress events that could not be sent", "watchers see gaps; no job suffers");

    /** Who has a meter. */
    public enum Process {
        /** {@code /metrics} of a dispatcher, for the role operate. */
        DISPATCHER,
        /** {@code /metrics} of a worker's health port. */
        WORKER
    }

    /** How a meter moves. */
    public enum Kind {
        /** Only up, from 0 at the start of the process. */
        COUNTER,
        /** Up and down. */
        GAUGE
    }

    private final Process process;
    private final Kind kind;
    private final String meterName;
    private final List<String> tags;
    private final String meaning;
    private final String reaction;

    Meter(Process process, Kind kind, String meterName, List<String> tags, String meaning, String reaction) {
        this.process = process;
        this.kind = kind;
        this.meterName = meterName;
        this.tags = tags;
        this.meaning = meaning;
        this.reaction = reaction;
    }

    /** Who has it. */
    public Process process() {
        return process;
    }

    /** How it moves. */
    public Kind kind() {
        return kind;
    }

    /** Its name; registries spell it their own way. */
    public String meterName() {
        return meterName;
    }

    /** What Prometheus calls it. */
    public String series() {
        return meterName.replace('.', '_') + (kind == Kind.COUNTER ? "_total" : "");
    }

    /** Names of its tags, in their order. */
    public List<String> tags() {
        return tags;
    }

    /** What it says. */
    public String meaning() {
        return meaning;
    }

    /** What an operator does about it. */
    public String reaction() {
        return reaction;
    }

    /**
     * Its tags with their values, as registries take them: name, value, name, value.
     *
     * @throws IllegalArgumentException if there are more or fewer values than tags
     */
    public String[] tagged(String... values) {
        if (values.length != tags.size()) {
            throw new IllegalArgumentException(this + " has the tags " + tags + ", and these are no values of them: "
                    + List.of(values));
        }
        var both = new ArrayList<String>();
        for (int i = 0; i < values.length; i++) {
            both.add(tags.get(i));
            both.add(values[i]);
        }
        return both.toArray(String[]::new);
    }
}
