package org.atelier.local.chaos;

import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.atelier.chaos.proxy.Link;
import org.atelier.chaos.worker.Chain;
import org.atelier.common.kafka.KafkaSettings;
import org.atelier.common.store.StoreSettings;
import org.atelier.local.fleet.FleetOptions;
import org.atelier.local.fleet.Installation;
import org.atelier.local.fleet.LocalFleet;
import org.atelier.local.fleet.LocalService;
import org.atelier.local.fleet.WorkerProgram;
import org.atelier.local.process.Ports;

/**
 * A fleet on this machine whose processes and links can be broken: the product's broker, store and dispatcher, and the
 * product's worker around a runner whose steps wait and hash.
 *
 * <p>Workers reach broker and store through links, the dispatcher reaches the store through one. Whoever breaks and
 * whoever watches goes past them.
 */
public final class ChaosFleet implements AutoCloseable {
    private static final String MAIN = "org.atelier.chaos.worker.ChaosWorkerMain";
    private static final String LAWLESS = "org.atelier.chaos.worker.LawlessWorkerMain";
    private static final String BUNDLE = "models/avatar-128";
    private static final String DIARIES = "diaries";
    /** How far every other worker's time of day is ahead, and that of the rest behind: nothing may rest on it. */
    private static final Duration SKEW = Duration.ofMinutes(10);
    private static final String LOOPBACK = "127.0.0.1";

    private final ChaosOptions options;
    private final Path bundle;
    private final Link kafka;
    private final Link dispatcherStore;
    private final LocalFleet fleet;
    private final List<ChaosWorker> workers = new ArrayList<>();

    private ChaosFleet(Installation installation, ChaosOptions options) {
        this.options = options;
        this.bundle = installation.home().resolve(BUNDLE);
        this.kafka = Link.open("kafka", options.seed());
        this.dispatcherStore = Link.open("dispatcher-store", options.seed());
        int proxied = new Ports(new SecureRandom()).free(1).getFirst();
        kafka.to(proxied);
        this.fleet = LocalFleet.openTemporary(installation, new FleetOptions(0, dispatcherSettings(), Map.of(),
                Optional.of(new FleetOptions.ProxiedPort(proxied, kafka.port()))));
        dispatcherStore.to(fleet.store().settings().endpoint().getPort());
        for (int number = 0; number < options.workers(); number++) {
            addWorker("worker-" + number, number < options.lawless() ? LAWLESS : MAIN, number);
        }
    }

    /** A fleet in a temporary folder. Nothing runs yet. */
    public static ChaosFleet open(Installation installation, ChaosOptions options) {
        return new ChaosFleet(installation, options);
    }

    private Map<String, String> dispatcherSettings() {
        var settings = new HashMap<>(Map.of(
                StoreSettings.ENDPOINT.key(), address(dispatcherStore).toString(),
                "ATELIER_HEARTBEAT_INTERVAL", millis(options.heartbeat()),
                "ATELIER_SHARE_LOCK", millis(options.lock()),
                // Being struck often is no fault of a job's here.
                "ATELIER_MAX_ATTEMPTS", "100"));
        if (options.partitions() > 0) {
            settings.put("ATELIER_READY_PARTITIONS", String.valueOf(options.partitions()));
        }
        return settings;
    }

    private void addWorker(String name, String mainClass, int number) {
        var store = Link.open(name + "-store", options.seed() + number + 1)
                .to(fleet.store().settings().endpoint().getPort());
        var program = new WorkerProgram(mainClass, List.of(Path.of(URI.create(Chain.class.getProtectionDomain()
                .getCodeSource().getLocation().toString()))));
        var worker = fleet.addWorker(name, program, Map.of(
                KafkaSettings.BOOTSTRAP.key(), LOOPBACK + ":" + kafka.port(),
                StoreSettings.ENDPOINT.key(), address(store).toString(),
                "ATELIER_HEARTBEAT_INTERVAL", millis(options.heartbeat()),
                "ATELIER_CHECKPOINT_INTERVAL", millis(options.heartbeat()),
                "ATELIER_PRESENCE_INTERVAL", millis(options.heartbeat()),
                "ATELIER_CHAOS_SKEW", (number % 2 == 0 ? SKEW : SKEW.negated()).toString(),
                "ATELIER_CHAOS_STEP", millis(options.step()),
                "ATELIER_CHAOS_DIARY", diaries().toString()));
        workers.add(new ChaosWorker(name, worker.service(), store));
    }

    private static URI address(Link link) {
        return URI.create("http://" + LOOPBACK + ":" + link.port());
    }

    private static String millis(Duration duration) {
        return duration.toMillis() + "ms";
    }

    /** Starts everything. */
    public void start() throws InterruptedException {
        fleet.start(bundle);
        for (var worker : workers) {
            worker.service().awaitReady();
        }
    }

    /** Mends every link, starts again what is not there, and waits until all of it works. */
    public void mend() throws InterruptedException {
        links().forEach(Link::mend);
        for (var service : services()) {
            service.process().resume();
            service.start();
        }
        for (var service : services()) {
            service.awaitReady();
        }
    }

    /** In the order in which one needs the other. */
    private List<LocalService> services() {
        return Stream.concat(Stream.of(broker(), store(), dispatcher()), workers.stream().map(ChaosWorker::service))
                .toList();
    }

    private Stream<Link> links() {
        return Stream.concat(Stream.of(kafka, dispatcherStore), workers.stream().map(ChaosWorker::store));
    }

    ChaosOptions options() {
        return options;
    }

    LocalFleet fleet() {
        return fleet;
    }

    LocalService broker() {
        return fleet.broker().service();
    }

    LocalService store() {
        return fleet.store().service();
    }

    LocalService dispatcher() {
        return fleet.dispatcher().service();
    }

    List<ChaosWorker> workers() {
        return List.copyOf(workers);
    }

    /** Of all workers to the broker. */
    Link kafka() {
        return kafka;
    }

    Link dispatcherStore() {
        return dispatcherStore;
    }

    /** Where workers note what they computed. */
    Path diaries() {
        return fleet.folder().resolve(DIARIES);
    }

    /** A temporary folder stays when the fleet is stopped. */
    public void keepData() {
        fleet.keepData();
    }

    /** The folder that holds everything. */
    public Path folder() {
        return fleet.folder();
    }

    @Override
    public void close() {
        links().forEach(Link::mend);
        fleet.close();
        links().forEach(Link::close);
    }
}
