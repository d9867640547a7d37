package org.atelier.chaos.simulation;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.chaos.history.Fact;
import org.atelier.chaos.history.History;
import org.atelier.common.job.JobId;
import org.atelier.common.job.RunId;
import org.atelier.common.json.Json;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.StoreKeys;
import org.atelier.dispatcher.intake.Admission;
import org.atelier.dispatcher.projection.JobIndex;
import org.atelier.worker.job.world.FakeShareGroup;

/** A whole fleet under faults, from a seed. */
final class World {
    /** The only pool. */
    static final String POOL = "edit";

    private static final Duration LOCK = Duration.ofSeconds(30);
    private static final Duration TROUBLE = Duration.ofSeconds(45);
    private static final Duration PATIENCE = Duration.ofMinutes(40);
    private static final Duration AFTERMATH = Duration.ofSeconds(15);
    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration MOST_SKEW = Duration.ofMinutes(5);
    private static final int LEAST_JOBS = 2;
    private static final int MORE_JOBS = 4;
    private static final int MOST_STEPS = 8;
    private static final int MORE_WORKERS = 2;
    private static final double CANCELLED = 0.1;
    private static final double GIVES_UP = 0.2;

    private final long seed;
    private final Laws laws;
    private final Path scratch;
    private final SharedDatabase database;
    private final Simulation simulation;
    private final History history = new History();
    private final Host observer;
    private final Faults faults;
    private final Brokers brokers;
    private final Bucket bucket;
    private final FakeShareGroup group;
    private final List<DispatcherNode> dispatchers = new ArrayList<>();
    private final List<WorkerNode> workers = new ArrayList<>();
    private final Map<RunId, JsonNode> jobs = new LinkedHashMap<>();
    private final Set<RunId> accepted = new HashSet<>();
    private int clients;
    private int hosts;
    private boolean settled;

    /**
     * What holds in the world.
     *
     * @param ownership whether workers claim attempts and respect the claims of others
     * @param condition whether the store creates only what is absent
     */
    record Laws(boolean ownership, boolean condition) {
        /** As it is. */
        static final Laws ALL = new Laws(true, true);
    }

    /** How a simulation went. */
    record Outcome(History history, Faults faults, boolean settled, Map<RunId, JsonNode> jobs, JobLedger ledger,
            JobIndex index, Duration took) {}

    World(long seed, Laws laws, Path scratch, SharedDatabase database) {
        this.seed = seed;
        this.laws = laws;
        this.scratch = scratch;
        this.database = database;
        this.simulation = new Simulation(seed);
        this.observer = new Host("observer", simulation, Duration.ZERO);
        this.faults = new Faults(simulation, history, TROUBLE);
        this.brokers = new Brokers(simulation);
        this.bucket = new Bucket(observer.clock(), history, laws.condition());
        this.group = new FakeShareGroup(observer.timing(), LOCK);
    }

    Simulation simulation() {
        return simulation;
    }

    History history() {
        return history;
    }

    Faults faults() {
        return faults;
    }

    Brokers brokers() {
        return brokers;
    }

    FakeShareGroup group() {
        return group;
    }

    SharedDatabase database() {
        return database;
    }

    Path scratch() {
        return scratch;
    }

    Host newHost(String name) {
        return new Host(name + "." + ++hosts, simulation, simulation.between(MOST_SKEW.negated(), MOST_SKEW));
    }

    ObjectStore storeOf(Wire wire) {
        var store = new WiredStore(wire, bucket);
        return laws.ownership() ? store : LawlessStore.over(store);
    }

    WiredPublisher publisherOf(Wire wire) {
        return new WiredPublisher(wire, brokers, simulation, faults, history, observer);
    }

    /** Runs it to its end. */
    Outcome run(byte[] bundle) throws InterruptedException {
        database.clear();
        bucket.put("bundles/avatar-128/3/bundle.json", bundle, "application/json");
        simulation.run(observer, this::play);
        return new Outcome(history, faults, settled, jobs, new JobLedger(bucket), database.index(), Duration.ofNanos(
                simulation.now()));
    }

    private void play() {
        var random = simulation.random();
        startDispatcher();
        int slots = 1 + random.nextInt(MORE_WORKERS + 1);
        for (int worker = 0; worker < slots; worker++) {
            startWorker("worker-" + worker);
        }
        int number = LEAST_JOBS + random.nextInt(MORE_JOBS + 1);
        for (int job = 0; job < number; job++) {
            var run = RunId.first(new JobId("s" + seed + "-j" + job));
            var body = body(job, 1 + random.nextInt(MOST_STEPS));
            jobs.put(run, body);
            clients++;
            observer.spawn(() -> {
                ask(run, body);
                clients--;
            });
        }
        observer.spawn(this::nemesis);
        awaitSettled();
        // Whoever is still frozen wakes up and finds that all is over.
        simulation.await(this::isAwake, Duration.ofSeconds(1), PATIENCE);
        simulation.pause(AFTERMATH);
        awaitSettled();
    }

    private void awaitSettled() {
        settled = simulation.await(this::isSettled, Duration.ofSeconds(2), PATIENCE);
    }

    private boolean isAwake() {
        return workers.stream().noneMatch(worker -> worker.host().isFrozen()) && dispatchers.stream().noneMatch(
                dispatcher -> dispatcher.host().isFrozen());
    }

    private static JsonNode body(int job, int steps) {
        return Json.tree(Map.of("request", Map.of("type", "optimize", "bundle", "avatar-128@3", "source", Map.of("seed",
                7), "prompt", "a smile " + job, "steps", steps, "preview_every", 0)));
    }

    private void startWorker(String place) {
        var worker = new WorkerNode(this, place);
        workers.add(worker);
        worker.host().onDeath(() -> {
            workers.remove(worker);
            observer.spawn(() -> {
                simulation.pause(simulation.between(Duration.ofSeconds(1), Duration.ofSeconds(10)));
                startWorker(place);
            });
        });
    }

    private void startDispatcher() {
        var dispatcher = new DispatcherNode(this, "dispatcher");
        dispatchers.add(dispatcher);
        dispatcher.host().onDeath(() -> {
            dispatchers.remove(dispatcher);
            if (!dispatchers.isEmpty()) {
                return;
            }
            if (faults.strikes(FaultKind.LOSE_PROJECTION)) {
                database.clear();
            }
            observer.spawn(() -> {
                simulation.pause(simulation.between(Duration.ofSeconds(1), Duration.ofSeconds(10)));
                startDispatcher();
            });
        });
    }

    /** A dispatcher stands still: another one starts beside it, and a while after it has woken up it is stopped. */
    void succeed(DispatcherNode frozen) {
        observer.spawn(() -> {
            simulation.pause(simulation.between(Duration.ofSeconds(1), Duration.ofSeconds(10)));
            startDispatcher();
            simulation.pause(simulation.between(Duration.ofSeconds(1), Duration.ofSeconds(90)));
            frozen.host().die();
        });
    }

    /** A client: asks until it is answered, or gives up. */
    private void ask(RunId run, JsonNode body) {
        simulation.pause(simulation.between(Duration.ZERO, Duration.ofSeconds(20)));
        history.add(new Fact.Submitted(simulation.instant(), run));
        while (true) {
            var answer = dispatcher().flatMap(dispatcher -> dispatcher.submit(run.job(), body, Duration.ofSeconds(5)));
            switch (answer.orElse(null)) {
                case Admission.Accepted yes -> {
                    accept(run);
                    return;
                }
                case Admission.Known yes -> {
                    accept(run);
                    return;
                }
                case null -> {
                    if (simulation.chance(GIVES_UP)) {
                        history.add(new Fact.Unknown(simulation.instant(), run, "nobody answered"));
                        return;
                    }
                }
                default -> throw new IllegalStateException(run + " was answered with " + answer);
            }
            simulation.pause(Duration.ofSeconds(1));
        }
    }

    private void accept(RunId run) {
        history.add(new Fact.Accepted(simulation.instant(), run));
        accepted.add(run);
        if (simulation.chance(CANCELLED)) {
            simulation.pause(simulation.between(Duration.ZERO, Duration.ofSeconds(20)));
            history.add(new Fact.CancelAsked(simulation.instant(), run));
            dispatcher().ifPresent(dispatcher -> dispatcher.cancel(run));
        }
    }

    private Optional<DispatcherNode> dispatcher() {
        return dispatchers.isEmpty()
                ? Optional.empty()
                : Optional.of(dispatchers.get(simulation.random().nextInt(dispatchers.size())));
    }

    /** What goes wrong outside of processes. */
    private void nemesis() {
        while (!faults.areOver()) {
            simulation.pause(TICK);
            if (faults.strikes(FaultKind.STORE_DOWN)) {
                faults.takeStoreDown(simulation.between(Duration.ofSeconds(1), Duration.ofSeconds(25)));
            }
            if (faults.strikes(FaultKind.KAFKA_DOWN)) {
                faults.takeKafkaDown(simulation.between(Duration.ofSeconds(1), Duration.ofSeconds(25)));
                group.restart();
            }
            group.setDown(faults.isKafkaDown());
            if (group.size() > 0 && faults.strikes(FaultKind.ARCHIVED_RECORD)) {
                group.archive(simulation.random().nextInt(group.size()));
            }
            if (faults.strikes(FaultKind.LOST_LOCK)) {
                group.endLocks();
            }
            if (!workers.isEmpty()) {
                var worker = workers.get(simulation.random().nextInt(workers.size()));
                if (faults.strikes(FaultKind.PREEMPT_WORKER, worker.host())) {
                    observer.spawn(worker::preempt);
                }
            }
        }
        group.setDown(false);
    }

    /** Whatever was promised, or is on its way although nobody was told, has ended, and all is told. */
    private boolean isSettled() {
        return clients == 0 && jobs.keySet().stream().filter(this::isDue).allMatch(this::hasEnded)
                && jobs.keySet().stream().filter(this::isDue).allMatch(this::isKnown)
                && database.projection().unannounced(1).isEmpty();
    }

    private boolean isDue(RunId run) {
        return accepted.contains(run) || brokers.of(Topics.REQUESTS).isAbout(run.job());
    }

    private boolean hasEnded(RunId run) {
        return bucket.stat(StoreKeys.manifest(run)).isPresent();
    }

    private boolean isKnown(RunId run) {
        return database.index().find(run.job()).filter(entry -> entry.state().terminal()).isPresent();
    }
}
