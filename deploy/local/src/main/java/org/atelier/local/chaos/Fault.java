package org.atelier.local.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

import org.atelier.chaos.proxy.Link;
import org.atelier.chaos.proxy.LinkFault;
import org.atelier.chaos.proxy.LinkFault.Direction;
import org.atelier.chaos.proxy.LinkFault.HttpFault;
import org.atelier.local.fleet.LocalService;

/** What is done to a fleet. */
public enum Fault {
    /** kill -9. */
    KILL_WORKER(Faults.worker(worker -> worker.service().process().kill())),
    /** SIGSTOP for longer than the lock, then SIGCONT: it wakes as a zombie. */
    FREEZE_WORKER(Faults.worker(worker -> worker.service().process().freeze()), Pace.LOCK),
    /** SIGTERM, as a node that is taken away: it saves its work and hands it back. */
    PREEMPT_WORKER(Faults.worker(worker -> worker.service().process().stop())), KILL_BROKER(Faults.service(
            ChaosFleet::broker, service -> service.process().kill())), RESTART_BROKER(Faults.service(ChaosFleet::broker,
                    LocalService::close)), KILL_STORE(Faults.service(ChaosFleet::store, service -> service.process()
                            .kill())), RESTART_STORE(Faults.service(ChaosFleet::store,
                                    LocalService::close)), FREEZE_STORE(Faults.service(ChaosFleet::store,
                                            service -> service.process().freeze()), Pace.SILENCE), KILL_DISPATCHER(
                                                    Faults.service(ChaosFleet::dispatcher, service -> service.process()
                                                            .kill())), RESTART_DISPATCHER(Faults.service(
                                                                    ChaosFleet::dispatcher,
                                                                    LocalService::close)), FREEZE_DISPATCHER(Faults
                                                                            .service(ChaosFleet::dispatcher,
                                                                                    service -> service.process()
                                                                                            .freeze()), Pace.SILENCE),
    /** Between one worker and the store. */
    STORE_RESET(Faults.workerStore(new LinkFault.Reset())), STORE_BLACK_HOLE(Faults.workerStore(
            new LinkFault.BlackHole()), Pace.SILENCE), STORE_ONE_WAY(Faults.workerStore(new LinkFault.OneWay(
                    Direction.TO_CLIENT)), Pace.SILENCE), STORE_LATE(Faults.workerStore(new LinkFault.Late(Duration
                            .ofMillis(300), Duration.ofMillis(200)))), STORE_SLOW(Faults.workerStore(new LinkFault.Slow(
                                    5_000))), STORE_ERRORS(Faults.workerStore(new LinkFault.BadHttp(0.2, List.of(
                                            HttpFault.ERROR)))), STORE_TRUNCATED(Faults.workerStore(
                                                    new LinkFault.BadHttp(0.2, List.of(
                                                            HttpFault.TRUNCATED)))), STORE_STALLED(Faults.workerStore(
                                                                    new LinkFault.BadHttp(0.2, List.of(
                                                                            HttpFault.STALLED))), Pace.SILENCE),
    /** Between all workers and the broker. */
    KAFKA_RESET(Faults.link(ChaosFleet::kafka, new LinkFault.Reset())), KAFKA_BLACK_HOLE(Faults.link(ChaosFleet::kafka,
            new LinkFault.BlackHole()), Pace.LOCK), KAFKA_ONE_WAY(Faults.link(ChaosFleet::kafka, new LinkFault.OneWay(
                    Direction.TO_CLIENT)), Pace.LOCK), KAFKA_LATE(Faults.link(ChaosFleet::kafka, new LinkFault.Late(
                            Duration.ofMillis(300), Duration.ofMillis(200)))),
    /** Between the dispatcher and the store. */
    DISPATCHER_STORE_RESET(Faults.link(ChaosFleet::dispatcherStore, new LinkFault.Reset())), DISPATCHER_STORE_ERRORS(
            Faults.link(ChaosFleet::dispatcherStore, new LinkFault.BadHttp(0.2, List.of(HttpFault.ERROR,
                    HttpFault.TRUNCATED)))),
    /** Writes fail. */
    STORE_FULL(Faults.full(ChaosFleet::store), Pace.SILENCE), BROKER_FULL(Faults.full(ChaosFleet::broker)),
    /** Records that nobody can read, in every topic. */
    GARBAGE(Faults.records(Records::garbage)),
    /** Ready records once more. */
    DUPLICATE_DELIVERY(Faults.records(Records::again)),
    /** A byte of the newest checkpoint of each running job is flipped, and a worker killed, so that one is needed. */
    DAMAGED_CHECKPOINT(Faults::damage);

    /** Does it. */
    interface Action {
        Injury inflict(ChaosFleet fleet, Random random) throws InterruptedException;
    }

    /** How long it lasts. */
    private enum Pace {
        /** As it comes: from next to nothing to four heartbeats. */
        ANY,
        /** Longer than a lease lives without a sign of life. */
        SILENCE,
        /** Longer than a lock. */
        LOCK
    }

    private static final int LONGEST = 4;

    private final Action action;
    private final Pace pace;

    Fault(Action action) {
        this(action, Pace.ANY);
    }

    Fault(Action action, Pace pace) {
        this.action = action;
        this.pace = pace;
    }

    /** As reports count it. */
    public String kind() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Injury inflict(ChaosFleet fleet, Random random) throws InterruptedException {
        return action.inflict(fleet, random);
    }

    /** How long it is to last. */
    Duration duration(ChaosOptions options, Random random) {
        var beat = options.heartbeat();
        return switch (pace) {
            case ANY -> Duration.ofMillis(random.nextLong(1, beat.multipliedBy(LONGEST).toMillis()));
            case SILENCE -> beat.multipliedBy(LONGEST);
            case LOCK -> options.lock().plus(beat);
        };
    }

    private static final class Faults {
        private Faults() {}

        static Action worker(Consumer<ChaosWorker> what) {
            return (fleet, random) -> {
                var worker = any(fleet, random);
                var struck = worker.incarnation();
                what.accept(worker);
                return Injury.of(struck);
            };
        }

        private static ChaosWorker any(ChaosFleet fleet, Random random) {
            return fleet.workers().get(random.nextInt(fleet.workers().size()));
        }

        static Action service(Function<ChaosFleet, LocalService> which,
                Consumer<LocalService> what) {
            return (fleet, random) -> {
                what.accept(which.apply(fleet));
                return Injury.of(null);
            };
        }

        static Action workerStore(LinkFault fault) {
            return (fleet, random) -> {
                var worker = any(fleet, random);
                worker.store().set(fault);
                return Injury.of(worker.incarnation());
            };
        }

        static Action link(Function<ChaosFleet, Link> which, LinkFault fault) {
            return (fleet, random) -> {
                which.apply(fleet).set(fault);
                return Injury.of(null);
            };
        }

        static Action full(Function<ChaosFleet, LocalService> which) {
            return (fleet, random) -> {
                var process = which.apply(fleet).process();
                FileSizeLimit.set(process, 0);
                return new Injury(null, () -> FileSizeLimit.lift(process));
            };
        }

        static Action records(BiConsumer<Records, Random> what) {
            return (fleet, random) -> {
                try (var records = new Records(fleet.fleet().broker().settings())) {
                    what.accept(records, random);
                }
                return Injury.of(null);
            };
        }

        static Injury damage(ChaosFleet fleet, Random random) throws InterruptedException {
            try (var files = new StoredFiles(fleet)) {
                files.damageCheckpoints();
            }
            return KILL_WORKER.inflict(fleet, random);
        }
    }
}
