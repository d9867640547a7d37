package org.atelier.dispatcher.support;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.atelier.common.api.JobState;
import org.atelier.common.config.Configuration;
import org.atelier.common.event.Message;
import org.atelier.common.event.RecordingPublisher;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Claim;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.ledger.Lease;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.common.store.BlobStore;
import org.atelier.common.store.MemoryObjectStore;
import org.atelier.dispatcher.access.Audit;
import org.atelier.dispatcher.compose.Composer;
import org.atelier.dispatcher.compose.Compositions;
import org.atelier.dispatcher.intake.Intake;
import org.atelier.dispatcher.metrics.Metrics;
import org.atelier.dispatcher.projection.Builds;
import org.atelier.dispatcher.projection.Database;
import org.atelier.dispatcher.projection.JobIndex;
import org.atelier.dispatcher.projection.Projection;
import org.atelier.dispatcher.projection.StoredEvent;
import org.atelier.dispatcher.projection.WebhookBook;
import org.atelier.dispatcher.rebuild.Rebuilds;
import org.atelier.dispatcher.replay.Replayer;
import org.atelier.dispatcher.replay.Replays;
import org.atelier.dispatcher.retention.Erasures;
import org.atelier.dispatcher.retention.Retention;
import org.atelier.dispatcher.retention.RetentionSettings;
import org.atelier.dispatcher.schedule.ReadyTopic;
import org.atelier.dispatcher.schedule.ScheduleSettings;
import org.atelier.dispatcher.schedule.Scheduler;
import org.atelier.dispatcher.schedule.Scheduling;
import org.atelier.dispatcher.schedule.Workers;
import org.atelier.dispatcher.trace.Spans;
import org.atelier.dispatcher.webhook.Webhooks;

/**
 * The deciding half of a dispatcher as it runs in production, over a store, topics and time that a test owns. What is
 * published is not read back: a test says itself which events come, and when.
 */
public final class Fleet implements AutoCloseable {
    /** The settings' defaults. */
    public static final ScheduleSettings SETTINGS = ScheduleSettings.of(Configuration.read(ScheduleSettings.LIST, Map
            .of()));

    /** Time. */
    public final FakeTime time;
    /** The object store. */
    public final MemoryObjectStore store;
    /** The documents in the store. */
    public final JobLedger ledger;
    /** What was published. */
    public final RecordingPublisher events;
    /** The ready topics. */
    public final FakeReadyTopic ready;
    /** The workers that are alive. */
    public final Workers workers;
    /** What is counted. */
    public final Metrics metrics = new Metrics(new SimpleMeterRegistry());
    /** The book. */
    public final Projection book;
    /** What callers see. */
    public final JobIndex index;
    /** Who is told of what. */
    public final Webhooks webhooks;
    /** What is to be told. */
    public final WebhookBook deliveries;
    /** What is decided. */
    private Scheduling scheduling;

    /** The database of the projection. */
    public final Database database;
    private final ReadyTopic feeding;
    private final Intake intake;

    private final ScheduleSettings settings;
    private final Spans spans;

    /** A fleet on the default database. */
    public Fleet(Path folder) {
        this(TestDatabase.SQLITE, folder);
    }

    public Fleet(TestDatabase kind, Path folder) {
        this(kind, folder, Map.of());
    }

    /** A fleet with some settings of its own. */
    public Fleet(TestDatabase kind, Path folder, Map<String, String> environment) {
        this(kind, folder, environment, Spans.OFF);
    }

    /** A fleet that is traced. */
    public Fleet(Path folder, Spans spans) {
        this(TestDatabase.SQLITE, folder, Map.of(), spans);
    }

    private Fleet(TestDatabase kind, Path folder, Map<String, String> environment, Spans spans) {
        this.spans = spans;
        this.time = new FakeTime();
        this.store = new MemoryObjectStore(time);
        this.ledger = new JobLedger(store);
        this.events = new RecordingPublisher();
        this.ready = new FakeReadyTopic();
        this.feeding = ready;
        this.workers = new Workers(time, SETTINGS.workerTimeout());
        this.settings = ScheduleSettings.of(Configuration.read(ScheduleSettings.LIST, environment));
        this.database = kind.in(folder);
        this.book = new Projection(database);
        this.index = new JobIndex(database);
        this.webhooks = new Webhooks(store, time);
        this.deliveries = new WebhookBook(database);
        this.intake = Intakes.over(this);
        restart();
    }

    /** A second dispatcher beside a first: another process on the same database, store and topics. */
    private Fleet(Fleet first, Database database, UnaryOperator<ReadyTopic> feeding) {
        this.spans = first.spans;
        this.time = first.time;
        this.store = first.store;
        this.ledger = first.ledger;
        this.events = first.events;
        this.ready = first.ready;
        this.feeding = feeding.apply(ready);
        this.workers = first.workers;
        this.settings = first.settings;
        this.database = database;
        this.book = new Projection(database);
        this.index = new JobIndex(database);
        this.webhooks = new Webhooks(store, time);
        this.deliveries = new WebhookBook(database);
        this.intake = Intakes.over(this);
        restart();
    }

    /**
     * Another dispatcher of the same fleet, which takes itself for the leader too.
     *
     * @param database the same one, opened a second time
     * @param feeding  the way of its records to the ready topics
     */
    public Fleet beside(Database database, UnaryOperator<ReadyTopic> feeding) {
        return new Fleet(this, database, feeding);
    }

    /** Another dispatcher takes over: what was only remembered is forgotten. */
    public void restart() {
        var replayer = new Replayer(store, ledger, intake, events, book, time, time);
        var composer = new Composer(new Compositions(), book, ledger, new BlobStore(store), intake, Intakes.bundles(
                this),
                events, time, time, spans);
        scheduling = new Scheduling(settings, book, ledger, feeding, events, workers, metrics, time, time, Duration
                .ofDays(7), spans, List.of(new Scheduler.Part("go on with replays", replayer::step), new Scheduler.Part(
                        "go on with composite jobs", composer::step)));
    }

    /** Where it is traced. */
    public Spans spans() {
        return spans;
    }

    /** Takes replays. */
    public Replays replays() {
        return new Replays(store, index, new Audit(events), time);
    }

    /** The book as another dispatcher has it open. */
    public Projection another() {
        return new Projection(database);
    }

    /** The builds of the database. */
    public Builds builds() {
        return new Builds(database);
    }

    /** Takes wishes for a new build of the database. */
    public Rebuilds rebuilds() {
        return new Rebuilds(builds(), index, new Audit(events), time);
    }

    /** Takes erasures. */
    public Erasures erasures() {
        return new Erasures(store, index, new Audit(events), time);
    }

    /** Keeps the store clean, by settings of its own; driven by the test. */
    public Retention retention(Map<String, String> environment) {
        return new Retention(RetentionSettings.of(Configuration.read(RetentionSettings.LIST, environment)), settings
                .tenants(), store, index, book, events, erasures(), metrics, Runnable::run, time, time, () -> true);
    }

    /** A job is accepted: it is in the store and in the backlog. */
    public JobId accept(String job) {
        return accept(job, 0, time.instant());
    }

    /** A job is accepted. */
    public JobId accept(String job, int priority, Instant acceptedAt) {
        return accept(Samples.request(job, priority, acceptedAt));
    }

    /** A job is accepted. */
    public JobId accept(StoredRequest request) {
        ledger.create(request);
        book.write(batch -> batch.admit(request, SETTINGS.pools().poolOf(JobType.GENERATE)
                .orElseThrow()));
        return request.job();
    }

    /** Something happened, now. */
    public void hear(Message message) {
        book.note(message, time.instant());
    }

    /** A worker claims an attempt and dies before its first word. */
    public void claim(AttemptId attempt) {
        ledger.claim(new Claim(attempt, "token-" + attempt, "worker-1", "host-1", time.instant()));
    }

    /** A worker renews its lease in the store. */
    public void renew(AttemptId attempt, long sequence) {
        ledger.renew(new Lease(attempt, "token-" + attempt, sequence));
    }

    /** A round of decisions. */
    public void step() {
        scheduling.scheduler().step();
    }

    /** Time passes, with a round of decisions every half a second, as in production. */
    public void pass(Duration duration) {
        var interval = Duration.ofMillis(500);
        for (var passed = Duration.ZERO; passed.compareTo(duration) < 0; passed = passed.plus(interval)) {
            time.pass(interval);
            step();
        }
    }

    /** What the book says of a job. */
    public JobIndex.Entry entry(String job) {
        return index.find(new JobId(job)).orElseThrow();
    }

    /** The state of a job. */
    public JobState state(String job) {
        return entry(job).state();
    }

    /** The events that are kept of a job. */
    public List<StoredEvent> events(String job) {
        return index.events(new JobId(job), -1, 1_000);
    }

    /** The attempts that were fed, in order. */
    public List<AttemptId> fed() {
        return ready.fed();
    }

    /** The results that were published, in order. */
    public List<Manifest> results() {
        return events.published().stream()
                .filter(published -> published.topic().equals(Topics.RESULTS))
                .map(published -> ((Message.RunEnded) published.message()).manifest())
                .toList();
    }

    @Override
    public void close() {
        database.close();
    }
}
