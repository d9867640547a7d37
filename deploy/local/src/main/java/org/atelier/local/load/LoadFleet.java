package org.atelier.local.load;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.atelier.chaos.worker.Chain;
import org.atelier.common.kafka.KafkaSettings;
import org.atelier.local.fleet.FleetOptions;
import org.atelier.local.fleet.Installation;
import org.atelier.local.fleet.LocalFleet;
import org.atelier.local.fleet.LocalService;
import org.atelier.local.fleet.WorkerProgram;

/** The product's broker, store and dispatcher, and the product's worker around a runner that does nothing. */
final class LoadFleet implements AutoCloseable {
    private static final String WORKER = "org.atelier.chaos.worker.NoOpWorkerMain";
    private static final String BACKFILL = "org.atelier.dispatcher.bench.BackfillMain";
    private static final String BUNDLE = "models/avatar-128";

    private final Path bundle;
    private final LocalFleet fleet;
    private final LocalService worker;
    private final Processes processes;
    private String reference = "";
    private int filled;

    LoadFleet(Installation installation, LoadOptions options) {
        this.bundle = installation.home().resolve(BUNDLE);
        this.fleet = LocalFleet.openTemporary(installation, new FleetOptions(0, options.database(), Map.of()));
        var jar = Path.of(URI.create(Chain.class.getProtectionDomain().getCodeSource().getLocation().toString()));
        this.worker = fleet.addWorker("worker", new WorkerProgram(WORKER, List.of(jar)), Map.of("ATELIER_SLOTS", String
                .valueOf(options.slots()))).service();
        this.processes = new Processes(dispatcher(), fleet.broker().service(), fleet.store().service(), worker);
    }

    /** Starts all of it. */
    void start() throws InterruptedException {
        reference = fleet.start(bundle).reference();
        worker.awaitReady();
    }

    /** Stops the dispatcher, writes jobs into its database as if they had been accepted, and starts it again. */
    void fill(int jobs) throws InterruptedException {
        fleet.dispatcher().runInstead(BACKFILL, List.of(String.valueOf(filled), String.valueOf(jobs), reference));
        filled += jobs;
    }

    /** Until it answers that it is ready, in seconds. */
    double startDispatcher() throws InterruptedException {
        long began = System.nanoTime();
        dispatcher().startAndAwait();
        return Quantiles.rounded(Duration.ofNanos(System.nanoTime() - began).toMillis() / 1e3);
    }

    LocalService dispatcher() {
        return fleet.dispatcher().service();
    }

    LocalService worker() {
        return worker;
    }

    Processes processes() {
        return processes;
    }

    KafkaSettings kafka() {
        return fleet.broker().settings();
    }

    Caller caller() {
        return new Caller(fleet.dispatcher().url(), reference.replaceFirst("@.*", ""));
    }

    LocalFleet fleet() {
        return fleet;
    }

    @Override
    public void close() {
        fleet.close();
    }
}
