package org.atelier.worker.job;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.atelier.common.bundle.BundleCatalog;
import org.atelier.common.event.EventPublisher;
import org.atelier.common.event.Message.WorkerAlive;
import org.atelier.common.event.Message.WorkerLeft;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.JobLedger;
import org.atelier.common.store.BlobStore;
import org.atelier.common.store.ObjectStore;
import org.atelier.worker.job.attempt.AttemptLogs;
import org.atelier.worker.job.attempt.Attempts;
import org.atelier.worker.job.attempt.DeviceLock;
import org.atelier.worker.job.attempt.RunningAttempts;
import org.atelier.worker.job.attempt.Stores;
import org.atelier.worker.job.attempt.WorkerIdentity;
import org.atelier.worker.job.bundle.BundleCache;
import org.atelier.worker.job.bundle.BundleCards;
import org.atelier.worker.job.health.HealthServer;
import org.atelier.worker.job.health.HealthServer.Report;
import org.atelier.worker.job.health.Presence;
import org.atelier.worker.job.metrics.Exposition;
import org.atelier.worker.job.metrics.WorkerMetrics;
import org.atelier.worker.job.runner.Runners;
import org.atelier.worker.job.slot.Admission;
import org.atelier.worker.job.slot.ControlListener;
import org.atelier.worker.job.slot.Inbox;
import org.atelier.worker.job.slot.Loop;
import org.atelier.worker.job.slot.Slot;
import org.atelier.worker.job.slot.StoreGate;
import org.atelier.worker.job.slot.ThreadLauncher;
import org.atelier.worker.job.time.Flag;
import org.atelier.worker.job.time.Timing;
import org.atelier.worker.job.trace.AttemptSpans;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker: its slots, what surrounds them, and the order in which they start and leave. Everything that decides lies in
 * the packages below; here are the threads.
 */
public final class Worker {
    private static final Logger log = LoggerFactory.getLogger(Worker.class);
    private static final String CONTROL = "control";
    private static final String PRESENCE = "presence";
    private static final Duration SHORTLY = Duration.ofSeconds(3);
    private static final Path SCRATCH = Path.of(System.getProperty("java.io.tmpdir"));
    private static final Duration FOREVER = Duration.ofDays(36_500);

    /**
     * What a worker works with. They stay the caller's to close.
     *
     * @param inbox      where work and orders come from
     * @param store      where jobs and bundles lie
     * @param heartStore the same, through a client of its own with timeouts of no more than a heartbeat interval
     * @param events     where events go
     * @param runners    what can be computed
     * @param logs       what is logged within attempts
     * @param spans      where attempts are traced
     */
    public record Resources(Inbox inbox, ObjectStore store, ObjectStore heartStore, EventPublisher events,
            Runners runners, AttemptLogs logs, AttemptSpans spans) {
        /** Nothing of the log is kept, and nothing is traced. */
        public Resources(Inbox inbox, ObjectStore store, ObjectStore heartStore, EventPublisher events,
                Runners runners) {
            this(inbox, store, heartStore, events, runners, AttemptLogs.NONE, AttemptSpans.OFF);
        }
    }

    private final WorkerSettings settings;
    private final WorkerIdentity identity;
    private final Resources resources;
    private final RunningAttempts running;
    private final Idleness idleness;
    private final Presence presence;
    private final ControlListener control;
    private final ExecutorService courierThread;
    private final Map<String, Slot> slots = new LinkedHashMap<>();
    private final List<ThreadLauncher> launchers = new ArrayList<>();
    private final List<Loop> slotLoops = new ArrayList<>();
    private final List<Loop> otherLoops = new ArrayList<>();
    private final HealthServer health;
    private final Flag over;
    private volatile boolean ready;

    /**
     * A worker that serves its health and does nothing else yet.
     *
     * @throws IOException if the health address cannot be used
     */
    public Worker(WorkerSettings settings, WorkerIdentity identity, Resources resources, Timing timing, Clock clock,
            Exposition exposition) throws IOException {
        this.settings = settings;
        this.identity = identity;
        this.resources = resources;
        this.over = timing.newFlag();
        this.presence = new Presence(resources.events(), this::alive, settings.presenceInterval(), timing);
        this.running = new RunningAttempts(this::runningChanged);
        this.idleness = new Idleness(timing, settings.exitWhenIdle().orElse(FOREVER), () -> !running.list().isEmpty());
        this.control = resources.inbox().control(cancel -> running.cancel(cancel.run(), cancel.actor()),
                erased -> running.forget(erased.job(), SCRATCH));
        this.courierThread = Executors.newSingleThreadExecutor(task -> {
            var thread = new Thread(task, "courier");
            thread.setDaemon(true);
            return thread;
        });
        var metrics = exposition.metrics();
        metrics.watchRunning(() -> running.list().size());
        makeSlots(timing, clock, metrics);
        this.health = new HealthServer(settings.healthHost(), settings.healthPort(), this::health, this::readiness,
                exposition::scrape);
        log.info("health and metrics are at http:/{}", health.address());
    }

    private void makeSlots(Timing timing, Clock clock, WorkerMetrics metrics) {
        var ledger = new JobLedger(resources.store());
        var stores = new Stores(ledger, new JobLedger(resources.heartStore()), new BlobStore(resources.store()),
                new BundleCache(resources.store(), settings.cacheFolder(), settings.cacheBytes(), clock));
        var attempts = new Attempts(identity, resources.runners(), stores, resources.events(), courierThread,
                new DeviceLock(), timing, clock, settings.checkpointInterval(), SCRATCH, metrics,
                resources.logs(), resources.spans());
        var admission = new Admission(identity, resources.runners(), new BundleCards(new BundleCatalog(resources
                .store())), ledger, resources.events(), attempts,
                () -> UUID.randomUUID().toString(), clock);
        for (int number = 0; number < settings.slots(); number++) {
            var name = "slot-" + number;
            var launcher = new ThreadLauncher(name, settings.heartbeatInterval(), timing);
            var slot = new Slot(name, resources.inbox().ready(name), new StoreGate(resources.store()), admission,
                    launcher,
                    running, timing, settings.renewInterval(), metrics);
            launchers.add(launcher);
            slots.put(name, slot);
            slotLoops.add(new Loop(name, slot::turn, over::raise));
        }
        otherLoops.add(new Loop(CONTROL, control::turn, over::raise));
        otherLoops.add(new Loop(PRESENCE, presence::turn, over::raise));
    }

    /** Begins to take work. Whatever the runners need is loaded before: no lock of a record may tick while things load. */
    public void start() {
        otherLoops.forEach(Loop::start);
        slotLoops.forEach(Loop::start);
        ready = true;
        log.info("{} takes work of the pool {} into {} slot(s): {}", identity.name(), settings.pool(), settings.slots(),
                resources.runners().types());
    }

    private void runningChanged() {
        idleness.interrupted();
        presence.changed();
    }

    /** Whether any attempt runs now. */
    public boolean isBusy() {
        return !running.list().isEmpty();
    }

    /** Waits until somebody calls {@link #leave}, a thread of the worker has died, or there was nothing to do for too long. */
    public void awaitEnd() {
        while (!over.await(idleness.remaining())) {
            if (!idleness.remaining().isPositive()) {
                log.info("{} has had nothing to do for {}, and leaves", identity.name(), settings.exitWhenIdle());
                leave();
            }
        }
    }

    /** Lets {@link #awaitEnd} return. */
    public void leave() {
        over.raise();
    }

    /**
     * Leaves in good order: takes no more work, lets the runners save theirs, hands back, and says good-bye. Called once.
     *
     * @param atMost how long the attempts that run may take for it
     * @return whether everything was handed back
     */
    public boolean drain(Duration atMost) {
        log.info("{} leaves: it takes no more work and hands back {}", identity.name(), running.list());
        slots.values().forEach(Slot::drain);
        running.drain();
        ready = false;
        var deadline = System.nanoTime() + atMost.toNanos();
        // All are waited for, whatever became of the first.
        var ended = slotLoops.stream().map(loop -> loop.join(remaining(deadline)) && !loop.hasDied()).toList();
        boolean clean = !ended.contains(false);
        presence.stop();
        control.stop();
        launchers.forEach(ThreadLauncher::close);
        courierThread.shutdown();
        if (clean) {
            sayGoodbye(SHORTLY);
        } else {
            log.error("{} leaves with {} still running; the dispatcher finds out by the silence of their leases",
                    identity.name(), running.list());
        }
        // One that talks to a broker that is away is not waited for.
        otherLoops.forEach(loop -> loop.join(SHORTLY));
        health.close();
        return clean;
    }

    private static Duration remaining(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    private void sayGoodbye(Duration atMost) {
        if (!presence.heard()) {
            log.warn("{} does not say good-bye, because nobody hears it", identity.name());
            return;
        }
        try {
            resources.events().publish(Topics.EVENTS, new WorkerLeft(identity.name()))
                    .get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.warn("{} could not say good-bye; the dispatcher finds out by its silence: {}", identity.name(), e
                    .toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private WorkerAlive alive() {
        return new WorkerAlive(identity.name(), identity.host(), settings.pool(), settings.slots(), resources.runners()
                .types(), running.list(), identity.memoryBytes());
    }

    /** Whether all its threads are as they should be. */
    public boolean isHealthy() {
        return slotLoops.stream().noneMatch(Loop::hasDied) && otherLoops.stream().noneMatch(Loop::hasDied);
    }

    private Report health() {
        return new Report(isHealthy(), Map.of("healthy", isHealthy()));
    }

    private Report readiness() {
        var conditions = new LinkedHashMap<String, String>();
        slots.forEach((name, slot) -> conditions.put(name, slot.condition().name().toLowerCase(Locale.ROOT)));
        boolean open = slots.values().stream().map(Slot::condition)
                .allMatch(condition -> condition == Slot.Condition.WAITING || condition == Slot.Condition.BUSY);
        boolean well = ready && open && presence.heard();
        return new Report(well, Map.of("ready", well, "kafka", presence.heard(), "slots", conditions));
    }

    /** Where its health is served. */
    public InetSocketAddress healthAddress() {
        return health.address();
    }
}
