package org.atelier.local.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.bundle.BundleUpload;
import org.atelier.common.kafka.KafkaSettings;
import org.atelier.common.store.S3ObjectStore;
import org.atelier.common.store.StoreSettings;
import org.atelier.local.process.ChildDeath;
import org.atelier.local.process.ChildDiedException;
import org.atelier.local.process.Ports;

/**
 * Broker, store, dispatcher and workers of one machine, on one data folder.
 *
 * <p>None of them outlives this process: {@link #close} and the end of the JVM stop them in their order, and when this
 * process is killed they notice and end.
 */
public final class LocalFleet implements AutoCloseable {
    /** Connections of another fleet, which may stand in the environment of the caller's shell, are not for this one. */
    static final Set<String> WITHHELD = Set.of("ATELIER_KAFKA_", "ATELIER_STORE_", "ATELIER_DATABASE", "ATELIER_HTTP_",
            "ATELIER_HEALTH_", "ATELIER_URL");

    private static final Duration STORE_TIMEOUT = Duration.ofSeconds(30);

    private final DataFolder data;
    private final FleetOptions options;
    private final Site site;
    private final LocalBroker broker;
    private final LocalStore store;
    private final LocalDispatcher dispatcher;
    private final List<LocalWorker> workers = new ArrayList<>();
    private final CompletableFuture<ChildDeath> death = new CompletableFuture<>();
    private final Thread hook = new Thread(this::stopAll, "fleet-stop");
    private final boolean temporary;
    private volatile boolean closing;
    private volatile boolean dataWanted;

    private LocalFleet(Installation installation, DataFolder data, boolean temporary, FleetOptions options) {
        this.data = data;
        this.temporary = temporary;
        this.options = options;
        this.site = new Site(installation, data, death::complete);
        this.broker = new LocalBroker(site, options);
        this.store = new LocalStore(site, options);
        this.dispatcher = new LocalDispatcher(site, connections(), options.dispatcher());
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Takes a data folder. Nothing runs yet.
     *
     * @throws IllegalStateException if another fleet uses it, or if something was not built
     */
    public static LocalFleet open(Installation installation, Path data, FleetOptions options) {
        return new LocalFleet(installation, DataFolder.open(data, options.http()), false, options);
    }

    /** Takes a new folder that goes when the fleet is stopped, unless something went wrong: then the logs are worth a look. */
    public static LocalFleet openTemporary(Installation installation, FleetOptions options) {
        try {
            var folder = Files.createTempDirectory("atelier-");
            return new LocalFleet(installation, DataFolder.open(folder, options.http()), true, options);
        } catch (IOException e) {
            throw new UncheckedIOException("there is no room for a temporary folder", e);
        }
    }

    private Map<String, String> connections() {
        var settings = store.settings();
        return Map.of(
                KafkaSettings.BOOTSTRAP.key(), broker.settings().bootstrapServers(),
                StoreSettings.ENDPOINT.key(), settings.endpoint().toString(),
                StoreSettings.PUBLIC_ENDPOINT.key(), settings.publicEndpoint().toString(),
                StoreSettings.REGION.key(), settings.region(),
                StoreSettings.BUCKET.key(), settings.bucket(),
                StoreSettings.ACCESS_KEY.key(), settings.accessKey().reveal(),
                StoreSettings.SECRET_KEY.key(), settings.secretKey().reveal());
    }

    /** Starts broker and store, and waits until both do their work. Those that run already are left alone. */
    public void startBrokerAndStore() throws InterruptedException {
        beginServers();
        awaitStore();
        awaitBroker();
    }

    private void beginServers() {
        if (broker.isOwn()) {
            broker.service().start();
        }
        if (store.isOwn()) {
            store.service().start();
        }
    }

    private void awaitStore() throws InterruptedException {
        if (store.isOwn()) {
            store.service().awaitReady();
            return;
        }
        // Its own makes the bucket when it starts.
        try (var client = new S3ObjectStore(store.settings(), STORE_TIMEOUT)) {
            client.createBucket();
        }
    }

    private void awaitBroker() throws InterruptedException {
        if (broker.isOwn()) {
            broker.service().awaitReady();
        }
    }

    /**
     * Starts everything, uploads a bundle, and waits until jobs can be submitted.
     *
     * @param bundle its folder
     * @return its card
     */
    public BundleCard start(Path bundle) throws InterruptedException {
        beginServers();
        // Its libraries and networks take long to load, and it waits for the others by itself.
        workers.forEach(worker -> worker.service().start());
        awaitStore();
        var card = upload(bundle);
        awaitBroker();
        dispatcher.service().startAndAwait();
        return card;
    }

    private BundleCard upload(Path bundle) {
        try (var client = new S3ObjectStore(store.settings(), STORE_TIMEOUT)) {
            return new BundleUpload(client).upload(bundle);
        }
    }

    /** Adds a worker that does not run yet. */
    public LocalWorker addWorker(String name) {
        return addWorker(name, WorkerProgram.PRODUCT, Map.of());
    }

    /**
     * Adds a worker that does not run yet.
     *
     * @param program  what it runs
     * @param settings variables of its own, on top of those of all workers
     */
    public LocalWorker addWorker(String name, WorkerProgram program, Map<String, String> settings) {
        int port = new Ports(new SecureRandom()).free(1).getFirst();
        var variables = new HashMap<>(options.worker());
        variables.putAll(settings);
        var worker = new LocalWorker(site, name, port, program, connections(), variables);
        workers.add(worker);
        return worker;
    }

    /**
     * Does something with the fleet, and gives up as soon as one of its processes ends that should not.
     *
     * @throws ChildDiedException   if one did: who, and what it said last
     * @throws InterruptedException if the fleet was stopped meanwhile
     */
    public <T> T run(Callable<T> work) throws Exception {
        var task = new FutureTask<>(work);
        var thread = new Thread(task, "fleet-work");
        thread.start();
        death.thenRun(thread::interrupt);
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (closing) {
                throw new InterruptedException("the fleet was stopped");
            }
            keepData();
            if (death.isDone()) {
                throw new ChildDiedException(death.join());
            }
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            thread.interrupt();
        }
    }

    /** The broker. */
    public LocalBroker broker() {
        return broker;
    }

    /** The store. */
    public LocalStore store() {
        return store;
    }

    /** The dispatcher. */
    public LocalDispatcher dispatcher() {
        return dispatcher;
    }

    /** A temporary folder stays when the fleet is stopped. */
    public void keepData() {
        dataWanted = true;
    }

    /** The folder that holds everything. */
    public Path folder() {
        return data.path();
    }

    @Override
    public void close() {
        stopAll();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending and keeps its hooks; this one finds nothing left to stop.
        }
    }

    /** Whoever uses another goes before it. */
    private synchronized void stopAll() {
        if (closing) {
            return;
        }
        closing = true;
        workers.forEach(worker -> worker.service().close());
        dispatcher.service().close();
        if (broker.isOwn()) {
            broker.service().close();
        }
        if (store.isOwn()) {
            store.service().close();
        }
        data.close();
        if (temporary && !dataWanted) {
            data.delete();
        }
    }
}
