package org.atelier.chaos.simulation;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.atelier.common.bundle.BundleCatalog;
import org.atelier.common.event.Message;
import org.atelier.common.event.Message.WorkerAlive;
import org.atelier.common.kafka.EventCodec.Decoded;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.store.BlobStore;
import org.atelier.worker.job.attempt.Attempts;
import org.atelier.worker.job.attempt.DeviceLock;
import org.atelier.worker.job.attempt.RunningAttempts;
import org.atelier.worker.job.attempt.Stores;
import org.atelier.worker.job.attempt.WorkerIdentity;
import org.atelier.worker.job.bundle.BundleCache;
import org.atelier.worker.job.bundle.BundleCards;
import org.atelier.worker.job.health.Presence;
import org.atelier.worker.job.metrics.WorkerMetrics;
import org.atelier.worker.job.runner.JobRunner;
import org.atelier.worker.job.runner.Runners;
import org.atelier.worker.job.slot.Admission;
import org.atelier.worker.job.slot.Slot;
import org.atelier.worker.job.slot.StoreGate;
import org.atelier.worker.job.slot.ThreadLauncher;
import org.jspecify.annotations.Nullable;

/** A worker process of one slot, put together as {@code Worker} does it, on fibers. */
final class WorkerNode {
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);
    private static final Duration PRESENCE = Duration.ofSeconds(5);
    private static final Duration RENEW = Duration.ofSeconds(10);
    private static final Duration CHECKPOINTS = Duration.ofSeconds(3);
    private static final Duration GRACE = Duration.ofSeconds(20);

    private final World world;
    private final Host host;
    private final RunningAttempts running;
    private final Slot slot;
    private final Presence presence;
    private @Nullable Runnable changed;
    private int tokens;

    WorkerNode(World world, String place) {
        this.world = world;
        var simulation = world.simulation();
        this.host = world.newHost(place);
        var name = host.toString();
        var wire = new Wire(host, simulation, world.faults(), this::mishap);
        var store = world.storeOf(wire);
        var events = world.publisherOf(wire);
        var timing = host.timing();
        var identity = new WorkerIdentity(name, "host-of-" + name, Map.of("engine", "none"));
        var runners = Runners.of(List.<JobRunner<?>>of(new StepRunner(host, simulation, world.faults(), world
                .history())));
        var ledger = new JobLedger(store);
        var metrics = new WorkerMetrics(new SimpleMeterRegistry());
        var stores = new Stores(ledger, ledger, new BlobStore(store), new BundleCache(store, world.scratch()));
        var attempts = new Attempts(identity, runners, stores, events, host.newExecutor(), new DeviceLock(), timing,
                host.clock(), CHECKPOINTS, world.scratch(), metrics);
        var admission = new Admission(identity, runners, new BundleCards(new BundleCatalog(store)), ledger, events,
                attempts, () -> name + "-" + ++tokens, host
                        .clock());
        this.running = new RunningAttempts(() -> {
            if (changed != null) {
                changed.run();
            }
        });
        this.slot = new Slot(name, () -> new WiredConsumer(wire, simulation, world.faults(), world.group()),
                new StoreGate(store), admission, new ThreadLauncher(host.newExecutor(), host.newExecutor(), HEARTBEAT,
                        timing), running, timing, RENEW, metrics);
        this.presence = new Presence(events, () -> new WorkerAlive(name, "host-of-" + name, World.POOL, 1, runners
                .types(), running.list()), PRESENCE, timing);
        changed = presence::changed;
        host.loop(presence::turn);
        host.loop(slot::turn);
        listen();
    }

    private void listen() {
        var control = world.brokers().of(Topics.CONTROL);
        var next = new long[]{control.size()};
        host.loop(() -> {
            control.await(Duration.ofSeconds(30));
            for (var record : control.read(next[0], Integer.MAX_VALUE)) {
                next[0] = record.offset() + 1;
                if (record.content() instanceof Decoded.Understood understood
                        && understood.event().message() instanceof Message.CancelRequested cancel) {
                    running.cancel(cancel.run(), cancel.actor());
                }
            }
            return true;
        });
    }

    Host host() {
        return host;
    }

    private void mishap() {
        var simulation = world.simulation();
        if (world.faults().strikes(FaultKind.CRASH_WORKER, host)) {
            host.die();
        }
        if (world.faults().strikes(FaultKind.FREEZE_WORKER, host)) {
            host.freeze(simulation.between(Duration.ofSeconds(1), Duration.ofSeconds(60)));
        }
        if (world.faults().strikes(FaultKind.CUT_WORKER, host)) {
            world.faults().cut(host, simulation.between(Duration.ofSeconds(1), Duration.ofSeconds(40)));
        }
    }

    /** Tells it to leave, and kills it when it has or when its time is over. */
    void preempt() {
        slot.drain();
        running.drain();
        world.simulation().await(() -> slot.condition() == Slot.Condition.ENDED, Duration.ofMillis(500), GRACE);
        presence.stop();
        host.die();
    }
}
