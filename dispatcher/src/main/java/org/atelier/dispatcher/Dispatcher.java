package org.atelier.dispatcher;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.failsafe.function.CheckedSupplier;
import org.atelier.common.api.JobState;
import org.atelier.common.bundle.BundleCatalog;
import org.atelier.common.kafka.EventCodec;
import org.atelier.common.kafka.KafkaEventPublisher;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.request.RequestValidator;
import org.atelier.common.request.SubmissionReader;
import org.atelier.common.store.BlobStore;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.S3ObjectStore;
import org.atelier.common.store.StoreException;
import org.atelier.common.store.StoreKeys;
import org.atelier.common.store.StoreProbe;
import org.atelier.common.trace.otel.Tracing;
import org.atelier.dispatcher.access.Audit;
import org.atelier.dispatcher.access.Doorkeeper;
import org.atelier.dispatcher.access.TenantBundles;
import org.atelier.dispatcher.access.Tokens;
import org.atelier.dispatcher.compose.Composer;
import org.atelier.dispatcher.compose.Compositions;
import org.atelier.dispatcher.fault.Outage;
import org.atelier.dispatcher.http.Health;
import org.atelier.dispatcher.http.HttpServer;
import org.atelier.dispatcher.ingest.EventIngest;
import org.atelier.dispatcher.ingest.Isolating;
import org.atelier.dispatcher.ingest.RequestIngest;
import org.atelier.dispatcher.ingest.TenantResults;
import org.atelier.dispatcher.intake.Cancellation;
import org.atelier.dispatcher.intake.Intake;
import org.atelier.dispatcher.kafka.KafkaAdmin;
import org.atelier.dispatcher.kafka.KafkaReadyTopic;
import org.atelier.dispatcher.kafka.Provisioner;
import org.atelier.dispatcher.kafka.TopicReader;
import org.atelier.dispatcher.leadership.Leadership;
import org.atelier.dispatcher.metrics.Exposition;
import org.atelier.dispatcher.metrics.Metrics;
import org.atelier.dispatcher.projection.Builds;
import org.atelier.dispatcher.projection.Database;
import org.atelier.dispatcher.projection.FleetIndex;
import org.atelier.dispatcher.projection.JobIndex;
import org.atelier.dispatcher.projection.Projection;
import org.atelier.dispatcher.projection.UploadRows;
import org.atelier.dispatcher.projection.WebhookBook;
import org.atelier.dispatcher.rebuild.RebuildThread;
import org.atelier.dispatcher.rebuild.Rebuilds;
import org.atelier.dispatcher.rebuild.StoreSweep;
import org.atelier.dispatcher.replay.Replayer;
import org.atelier.dispatcher.replay.Replays;
import org.atelier.dispatcher.retention.Collections;
import org.atelier.dispatcher.retention.Erasures;
import org.atelier.dispatcher.retention.Retention;
import org.atelier.dispatcher.schedule.Bell;
import org.atelier.dispatcher.schedule.Demand;
import org.atelier.dispatcher.schedule.DemandWriter;
import org.atelier.dispatcher.schedule.Obstacles;
import org.atelier.dispatcher.schedule.Scheduler;
import org.atelier.dispatcher.schedule.Scheduling;
import org.atelier.dispatcher.schedule.Ticker;
import org.atelier.dispatcher.schedule.Workers;
import org.atelier.dispatcher.trace.Spans;
import org.atelier.dispatcher.upload.Uploads;
import org.atelier.dispatcher.watch.JobWatch;
import org.atelier.dispatcher.watch.NewsThread;
import org.atelier.dispatcher.webhook.Courier;
import org.atelier.dispatcher.webhook.Deliverer;
import org.atelier.dispatcher.webhook.Destinations;
import org.atelier.dispatcher.webhook.Director;
import org.atelier.dispatcher.webhook.Trial;
import org.atelier.dispatcher.webhook.WebhookDesk;
import org.atelier.dispatcher.webhook.Webhooks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A dispatcher that runs. What is opened first is closed last. */
public final class Dispatcher implements AutoCloseable {
    private static final String ROLE = "dispatcher";
    private static final Duration STORE_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration STARTUP_RETRY = Duration.ofMillis(500);
    private static final Duration COUNTS_VALIDITY = Duration.ofSeconds(5);
    /** How late a new version of a bundle, or other tenants of it, may be seen by who submits jobs. */
    private static final Duration BUNDLE_VALIDITY = Duration.ofSeconds(1);
    /** Look-ups in the store that are under way at once while requests are taken in. */
    private static final int INTAKE_THREADS = 32;

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final HttpServer http;

    /**
     * Starts a dispatcher.
     *
     * @throws RuntimeException if it cannot: its message says why and what to do; nothing is left running
     */
    public Dispatcher(DispatcherSettings settings, Clock clock, Ticker ticker) {
        try {
            this.http = open(settings, clock, ticker);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The port that the API listens on. */
    public int port() {
        return http.port();
    }

    private HttpServer open(DispatcherSettings settings, Clock clock, Ticker ticker) {
        var pools = settings.schedule().pools();
        var exposition = new Exposition();
        var metrics = exposition.metrics();

        var spans = new Spans(opened(Tracing.start(settings.tracing(), "atelier-" + ROLE, settings.name())));
        var database = opened(awaited(settings, () -> new Database(settings.database())));
        var projection = new Projection(database);
        var index = new JobIndex(database);
        var builds = new Builds(database);

        var store = opened(S3ObjectStore.impatient(settings.store(), STORE_TIMEOUT));
        awaited(settings, () -> prepare(store));
        var ledger = new JobLedger(store);
        var bundles = new TenantBundles(new BundleCatalog(store), store, BUNDLE_VALIDITY, ticker::nanos);
        var tokens = awaited(settings, () -> new Tokens(store, clock));
        var doorkeeper = new Doorkeeper(settings.access(), tokens, settings.http().host());

        var admin = opened(new KafkaAdmin(settings.kafka(), settings.name() + "-admin"));
        var provisioner = new Provisioner(admin, settings.topics(), pools);
        awaited(settings, () -> {
            provisioner.run();
            return admin;
        });
        var events = opened(new KafkaEventPublisher(settings.kafka(), settings.name() + "-events",
                EventCodec.source(ROLE, settings.name()), clock));

        var webhooks = awaited(settings, () -> new Webhooks(store, clock));
        var destinations = new Destinations(settings.webhooks(), InetAddress::getAllByName);
        var courier = opened(new Courier(settings.webhooks(), destinations, clock));
        var deliveries = new WebhookBook(database);
        var workers = new Workers(ticker, settings.schedule().workerTimeout());
        var bell = new Bell();
        var watch = new JobWatch();
        var compositions = new Compositions();
        var intake = new Intake(new SubmissionReader(), new RequestValidator(), bundles, pools, ledger, events, clock,
                tenant -> settings.schedule().tenants().of(tenant).queued().filter(most -> projection.hasWaiting(tenant,
                        most)), compositions, spans);
        var intakeThreads = opened(Executors.newFixedThreadPool(INTAKE_THREADS, Thread.ofVirtual().name("intake-", 0)
                .factory()));
        var readRequests = new Isolating(new RequestIngest(intake, projection, events, pools, metrics, bell,
                intakeThreads), projection, metrics);
        var readEvents = new Isolating(new TenantResults(settings.topics().producers(), events, new EventIngest(
                projection, workers, watch, metrics, bell, clock, webhooks)), projection, metrics);

        var replayer = new Replayer(store, ledger, intake, events, projection, ticker, clock);
        var composer = new Composer(compositions, projection, ledger, new BlobStore(store), intake, bundles, events,
                ticker, clock, spans);
        var director = new Director(deliveries, webhooks, ledger, ticker, clock);
        var deliverer = opened(new Deliverer(deliveries, webhooks, courier, settings.webhooks().retries(), metrics,
                bell,
                clock, spans));
        var board = database.demandBoard();
        // The scheduler steps only where everything is known that the topics held.
        var counted = new Demand(settings.schedule().tenants(), projection, workers, clock, () -> true);
        Supplier<Scheduling> scheduling = () -> new Scheduling(settings.schedule(), projection, ledger,
                new KafkaReadyTopic(events, admin),
                events, workers, metrics, clock, ticker, settings.topics().eventRetention(), spans, List.of(
                        new Scheduler.Part("go on with replays", replayer::step),
                        new Scheduler.Part("go on with composite jobs", composer::step),
                        new Scheduler.Part("say what webhooks are told", director::step),
                        new Scheduler.Part("deliver to webhooks", deliverer::step),
                        new Scheduler.Part("tell the other dispatchers the demand", new DemandWriter(pools, counted,
                                board, ticker)::step)));
        // What was only remembered in an earlier term is out of date: each begins with what the book says.
        var sweep = new StoreSweep(store, ledger, projection, pools, intakeThreads);
        var leadership = opened(new Leadership<>(database.lease(), settings.name(), settings.leadership().lease(),
                ticker,
                (leads, anew) -> {
                    projection.enter(builds.begin(clock.instant()));
                    projection.route(pools);
                    return new Term(reader(settings, "requests", settings.topics().requestTopics(), projection,
                            readRequests),
                            reader(settings, "events", List.of(Topics.EVENTS, Topics.RESULTS), projection, readEvents),
                            scheduling.get().scheduler(), bell, topicsRead -> new RebuildThread(builds, sweep,
                                    topicsRead,
                                    anew, clock), leads);
                }));
        BooleanSupplier isCaughtUp = () -> leadership.term().filter(Term::isCaughtUp).isPresent();
        var news = opened(new NewsThread(index, watch, () -> !leadership.isLeading()));

        var erasures = new Erasures(store, index, new Audit(events), clock);
        var retention = opened(new Retention(settings.retention(), settings.schedule().tenants(), store, index,
                projection,
                events, erasures, metrics, intakeThreads, ticker, clock, isCaughtUp));

        measure(metrics, settings, index, workers, ticker);
        metrics.leader(leadership::isLeading);
        metrics.webhooksPending(new Memo<>(deliveries::pending, ticker, COUNTS_VALIDITY)::get);
        var health = new Health(
                List.of(alive("leadership", leadership::isAlive), new Health.Check("term", () -> leadership.term()
                        .flatMap(Term::problem)), alive("retention", retention::isAlive)),
                List.of(new Health.Check("store", () -> problem(store)), new Health.Check("kafka",
                        provisioner::problem),
                        new Health.Check("database", database::problem),
                        new Health.Check("projection", () -> leadership.otherLeader().isPresent() || isCaughtUp
                                .getAsBoolean()
                                        ? Optional.empty()
                                        : Optional.of("reads what happened while the dispatcher was away"))));
        var server = opened(new HttpServer(settings.http(), new HttpServer.Services(intake, new Cancellation(ledger,
                events, clock), index, ledger, store, bundles, tokens, doorkeeper, new Audit(events), watch, health,
                metrics, new Replays(store, index, new Audit(events), clock), new Rebuilds(builds, index, new Audit(
                        events), clock), pools, new Demand(settings.schedule()
                                .tenants(), projection, workers, clock, isCaughtUp), board, new FleetIndex(database),
                workers, clock,
                new WebhookDesk(webhooks, deliveries, destinations, new Trial(courier, EventCodec.source(ROLE, settings
                        .name()), clock)), exposition::scrape, new Obstacles(pools, workers), leadership::otherLeader,
                erasures, new Collections(
                        store, new Audit(events), clock), new Uploads(store, new UploadRows(database),
                                tenant -> settings.schedule().tenants().of(tenant).uploads(), settings.http()
                                        .presignValidity(), clock))));
        leadership.start();
        news.start();
        retention.start();
        server.start();
        return server;
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.push(resource);
        return resource;
    }

    /** Tries until it is done, as long as what is needed is merely away: everything may be starting at once. */
    private static <T> T awaited(DispatcherSettings settings, CheckedSupplier<T> step) {
        var policy = RetryPolicy.<T>builder()
                .handleIf(failure -> Outage.of(failure).isPresent())
                .withDelay(STARTUP_RETRY)
                .withMaxRetries(-1)
                .withMaxDuration(settings.startupPatience())
                .onFailedAttempt(attempt -> LOG.info("not there yet, trying again: {}", attempt.getLastException()
                        .getMessage()))
                .build();
        return Failsafe.with(policy).get(step);
    }

    private static S3ObjectStore prepare(S3ObjectStore store) throws InterruptedException {
        store.createBucket();
        new StoreProbe(store).check();
        return store;
    }

    private TopicReader reader(DispatcherSettings settings, String name, List<String> topics, Projection projection,
            Isolating handler) {
        return new TopicReader(settings.kafka(), settings.name() + "-" + name, topics, projection::positions, handler);
    }

    private static void measure(Metrics metrics, DispatcherSettings settings, JobIndex index, Workers workers,
            Ticker ticker) {
        metrics.slots(settings.schedule().pools().names(), workers::slots);
        var counts = new Memo<>(index::counts, ticker, COUNTS_VALIDITY);
        for (var state : JobState.values()) {
            metrics.jobs(state.name().toLowerCase(Locale.ROOT), () -> counts.get().getOrDefault(state, 0L));
        }
    }

    private static Health.Check alive(String name, BooleanSupplier alive) {
        return new Health.Check(name, () -> alive.getAsBoolean() ? Optional.empty() : Optional.of("has stopped"));
    }

    private static Optional<String> problem(ObjectStore store) {
        try {
            store.stat(StoreKeys.PROBES + "ready");
            return Optional.empty();
        } catch (StoreException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Stops: takes nothing new, lets what is under way finish, and closes everything. */
    @Override
    public void close() {
        while (!opened.isEmpty()) {
            var resource = opened.pop();
            try {
                resource.close();
            } catch (Exception e) {
                LOG.warn("{} could not be closed in good order; the process ends all the same", resource.getClass()
                        .getSimpleName(), e);
            }
        }
    }
}
