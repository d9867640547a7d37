package org.atelier.dispatcher.http;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import io.javalin.Javalin;
import io.javalin.util.JavalinBindException;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.store.ObjectStore;
import org.atelier.dispatcher.access.Audit;
import org.atelier.dispatcher.access.Doorkeeper;
import org.atelier.dispatcher.access.TenantBundles;
import org.atelier.dispatcher.access.Tokens;
import org.atelier.dispatcher.intake.Cancellation;
import org.atelier.dispatcher.intake.Intake;
import org.atelier.dispatcher.metrics.Metrics;
import org.atelier.dispatcher.projection.FleetIndex;
import org.atelier.dispatcher.projection.JobIndex;
import org.atelier.dispatcher.rebuild.Rebuilds;
import org.atelier.dispatcher.replay.Replays;
import org.atelier.dispatcher.retention.Collections;
import org.atelier.dispatcher.retention.Erasures;
import org.atelier.dispatcher.schedule.Demand;
import org.atelier.dispatcher.schedule.DemandBoard;
import org.atelier.dispatcher.schedule.Obstacles;
import org.atelier.dispatcher.schedule.Pools;
import org.atelier.dispatcher.schedule.Workers;
import org.atelier.dispatcher.upload.Uploads;
import org.atelier.dispatcher.watch.JobWatch;
import org.atelier.dispatcher.webhook.WebhookDesk;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the API. */
public final class HttpServer implements AutoCloseable {
    /** How long requests under way may take to finish when the server stops. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** How long connections without a request may stay when the server stops. */
    private static final Duration IDLE_GRACE = Duration.ofMillis(50);

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    private final HttpSettings settings;
    private final Javalin javalin;
    private final JobWatch watch;
    private final Optional<Tls> tls;
    private Routing routing;

    /**
     * What the API serves.
     *
     * @param intake       new jobs
     * @param cancellation ends of jobs
     * @param index        jobs that are known
     * @param ledger       jobs that are not known yet
     * @param store        artifacts
     * @param bundles      bundles
     * @param tokens       who may ask
     * @param doorkeeper   finds out who asks
     * @param audit        writes down who did what
     * @param watch        wakes streams of events
     * @param health       whether all is well
     * @param metrics      counts
     * @param replays      jobs that run again
     * @param rebuilds     makes the projection anew
     * @param pools        that there are
     * @param demand       how many slots are wanted
     * @param fleet        a tenant's jobs as a whole
     * @param workers      that are alive
     * @param clock        for how long something has waited
     * @param webhooks     who is told of what
     * @param scrape       metrics in Prometheus' text format
     * @param obstacles    why jobs wait
     * @param otherLeader  the dispatcher that leads, where it is another
     * @param erasures     jobs that go for good
     * @param collections  of garbage
     * @param uploads      pictures that callers bring
     */
    public record Services(
            Intake intake,
            Cancellation cancellation,
            JobIndex index,
            JobLedger ledger,
            ObjectStore store,
            TenantBundles bundles,
            Tokens tokens,
            Doorkeeper doorkeeper,
            Audit audit,
            JobWatch watch,
            Health health,
            Metrics metrics,
            Replays replays,
            Rebuilds rebuilds,
            Pools pools,
            Demand demand,
            DemandBoard board,
            FleetIndex fleet,
            Workers workers,
            Clock clock,
            WebhookDesk webhooks,
            Supplier<String> scrape,
            Obstacles obstacles,
            Supplier<Optional<String>> otherLeader,
            Erasures erasures,
            Collections collections,
            Uploads uploads) {}

    public HttpServer(HttpSettings settings, Services services) {
        this(settings, services, EventStream.PATIENCE);
    }

    /** For tests: with another patience of event streams. */
    HttpServer(HttpSettings settings, Services services, Duration patience) {
        this.settings = settings;
        this.watch = services.watch;
        this.tls = settings.tls().map(Tls::new);
        var views = new JobViews(services.index, services.ledger, services.store, services.obstacles, settings
                .presignValidity(), services.clock);
        this.javalin = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.startup.startupWatcherEnabled = false;
            config.concurrency.useVirtualThreads = true;
            config.http.prefer405over404 = true;
            config.jetty.modifyServer(server -> server.setStopTimeout(GRACE.toMillis()));
            config.jetty.addConnector((server, http) -> connector(server, http));
            routing = new Routing(config.routes, new Gate(services.doorkeeper));
            var submissions = new Submissions(services.intake, services.metrics);
            new JobRoutes(submissions, services.cancellation, views, services.audit).register(routing);
            new BulkRoutes(submissions).register(routing);
            new EventStream(views, services.index, services.ledger, services.watch, patience).register(routing);
            new BundleRoutes(services.bundles, services.audit).register(routing);
            new UploadRoutes(services.uploads).register(routing);
            new TokenRoutes(services.tokens, services.doorkeeper, services.audit).register(routing);
            new ReplayRoutes(services.replays).register(routing);
            new WebhookRoutes(services.webhooks, services.audit).register(routing);
            new RebuildRoutes(services.rebuilds).register(routing);
            new ScalingRoutes(services.pools, services.demand, services.board, services.otherLeader).register(routing);
            new ErasureRoutes(services.erasures).register(routing);
            new CollectionRoutes(services.collections).register(routing);
            new UsageRoutes(services.fleet, services.clock).register(routing);
            new FleetRoutes(services.fleet, services.index, services.workers, services.clock).register(routing);
            new RelationRoutes(views, services.fleet).register(routing);
            Console.serve(config, services.store);
            new OperationRoutes(services.health, services.scrape).register(routing);
            Problems.register(config.routes);
        });
    }

    private ServerConnector connector(Server server, HttpConfiguration http) {
        var plain = new HttpConnectionFactory(http);
        var connector = tls.map(secure -> {
            // A client may come by an address that the certificate does not name, as probes do; browsers check for themselves.
            http.addCustomizer(new SecureRequestCustomizer(false));
            return new ServerConnector(server, secure.contextFactory(), plain);
        }).orElseGet(() -> new ServerConnector(server, plain));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setShutdownIdleTimeout(IDLE_GRACE.toMillis());
        return connector;
    }

    /**
     * Starts to listen.
     *
     * @throws IllegalStateException if the address is taken
     */
    public void start() {
        try {
            javalin.start();
        } catch (JavalinBindException e) {
            throw new IllegalStateException("The address " + settings.host() + ":" + settings.port()
                    + " is taken or not allowed; choose another with " + HttpSettings.PORT.key() + ".", e);
        }
        LOG.info("listening on {}://{}:{}", tls.isPresent() ? "https" : "http", settings.host(), port());
    }

    /** All routes. */
    List<Routing.Route> routes() {
        return routing.table();
    }

    /** The port that it listens on. */
    public int port() {
        return javalin.port();
    }

    /** Ends the streams, lets requests under way finish, and stops. */
    @Override
    public void close() {
        watch.close();
        javalin.stop();
        tls.ifPresent(Tls::close);
    }
}
