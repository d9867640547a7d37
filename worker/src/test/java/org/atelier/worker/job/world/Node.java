package org.atelier.worker.job.world;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.atelier.common.bundle.BundleCatalog;
import org.atelier.common.event.EventPublisher;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.metrics.Meter;
import org.atelier.common.store.BlobStore;
import org.atelier.common.store.ObjectStore;
import org.atelier.worker.job.attempt.Attempt;
import org.atelier.worker.job.attempt.AttemptLogs;
import org.atelier.worker.job.attempt.Attempts;
import org.atelier.worker.job.attempt.DeviceLock;
import org.atelier.worker.job.attempt.RunningAttempts;
import org.atelier.worker.job.attempt.Settlement;
import org.atelier.worker.job.attempt.Stores;
import org.atelier.worker.job.attempt.WorkerIdentity;
import org.atelier.worker.job.bundle.BundleCache;
import org.atelier.worker.job.bundle.BundleCards;
import org.atelier.worker.job.metrics.WorkerMetrics;
import org.atelier.worker.job.runner.Runners;
import org.atelier.worker.job.slot.Admission;
import org.atelier.worker.job.slot.AttemptLauncher;
import org.atelier.worker.job.slot.ReadyConsumer;
import org.atelier.worker.job.slot.Slot;
import org.atelier.worker.job.slot.StoreGate;
import org.atelier.worker.job.trace.AttemptSpans;

/**
 * A worker of one slot without threads: an attempt runs within the turn that took it, and its heart beats once before
 * every step.
 */
public final class Node {
    /** Steps between two checkpoints, by the time that {@link #STEP} lets pass. */
    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(2);
    private static final Duration STEP = Duration.ofSeconds(1);
    private static final int TURNS = 50;

    private final Fleet fleet;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final RunningAttempts running = new RunningAttempts(() -> {});
    private final Slot slot;
    private final Launcher launcher = new Launcher();
    private final Fate fate;

    /**
     * A healthy worker.
     *
     * @param name   of the worker
     * @param runner its {@code onStep} is called by this
     */
    public Node(Fleet fleet, String name, ChainRunner runner) {
        this(fleet, name, runner, Fate.none());
    }

    /** A worker to which something happens. */
    public Node(Fleet fleet, String name, ChainRunner runner, Fate fate) {
        this(fleet, name, Runners.of(List.of(runner)), fate);
    }

    /** A worker of some size. */
    public Node(Fleet fleet, WorkerIdentity identity, ChainRunner runner) {
        this(fleet, identity, Runners.of(List.of(runner)), Fate.none());
    }

    /** A worker with these runners. */
    public Node(Fleet fleet, String name, Runners runners, Fate fate) {
        this(fleet, new WorkerIdentity(name, "host-of-" + name, Map.of("engine", "none")), runners, fate);
    }

    /** A worker that is traced. */
    public Node(Fleet fleet, String name, Runners runners, AttemptSpans spans) {
        this(fleet, new WorkerIdentity(name, "host-of-" + name, Map.of("engine", "none")), runners, Fate.none(), spans);
    }

    private Node(Fleet fleet, WorkerIdentity identity, Runners runners, Fate fate) {
        this(fleet, identity, runners, fate, AttemptSpans.OFF);
    }

    private Node(Fleet fleet, WorkerIdentity identity, Runners runners, Fate fate, AttemptSpans spans) {
        var name = identity.name();
        this.fleet = fleet;
        this.fate = fate;
        var store = fate.over(ObjectStore.class, fleet.store());
        var events = fate.over(EventPublisher.class, fleet.events());
        var ledger = new JobLedger(store);
        var stores = new Stores(ledger, ledger, new BlobStore(store), new BundleCache(store, fleet.scratch()));
        var metrics = new WorkerMetrics(registry);
        var attempts = new Attempts(identity, runners, stores, events, Runnable::run, new DeviceLock(), fleet.timing(),
                fleet.clock(), CHECKPOINT_INTERVAL, fleet.scratch(), metrics, AttemptLogs.NONE, spans);
        var tokens = new AtomicInteger();
        var admission = new Admission(identity, runners, new BundleCards(new BundleCatalog(store)), ledger, events,
                attempts,
                () -> name + "-token-" + tokens.incrementAndGet(), fleet.clock());
        this.slot = new Slot(name, () -> fate.over(ReadyConsumer.class, fleet.group().open()), new StoreGate(store),
                admission, launcher, running, fleet.timing(), Duration.ofSeconds(10), metrics);
    }

    /** What a step of a runner on this node does: time passes and the heart beats. */
    public void step() {
        fleet.timing().advance(STEP);
        attempt().heart().beat();
    }

    /** The attempt that was started last. */
    public Attempt attempt() {
        return launcher.attempt;
    }

    public Slot slot() {
        return slot;
    }

    public RunningAttempts running() {
        return running;
    }

    /** How often something was counted. */
    public double count(Meter meter) {
        return registry.find(meter.meterName()).counters().stream().mapToDouble(counter -> counter.count()).sum();
    }

    /** Takes turns until nothing is waiting and nothing runs; a process that dies stays dead. */
    public void turnUntilQuiet() {
        try {
            for (int turn = 0; turn < TURNS; turn++) {
                if (!slot.turn()) {
                    return;
                }
                if (fleet.group().waiting() == 0 && fleet.group().held() == 0
                        && slot.condition() == Slot.Condition.WAITING) {
                    return;
                }
            }
            throw new AssertionError("there is no end of turns");
        } catch (Fate.Death e) {
            fleet.group().crash();
        }
    }

    /** Whether the process has died. */
    public boolean isDead() {
        return fate.isDead();
    }

    private static final class Launcher implements AttemptLauncher {
        private Attempt attempt;

        @Override
        public Running launch(Attempt started) {
            attempt = started;
            attempt.heart().beat();
            var settlement = attempt.execute();
            return new Running() {
                @Override
                public boolean await(Duration atMost) {
                    return true;
                }

                @Override
                public Settlement settlement() {
                    return settlement;
                }
            };
        }
    }
}
