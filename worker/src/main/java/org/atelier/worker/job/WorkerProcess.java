package org.atelier.worker.job;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.InvalidSettingException;
import org.atelier.common.config.Setting;
import org.atelier.common.kafka.EventCodec;
import org.atelier.common.kafka.KafkaEventPublisher;
import org.atelier.common.kafka.KafkaSettings;
import org.atelier.common.log.LogSecrets;
import org.atelier.common.store.S3ObjectStore;
import org.atelier.common.store.StoreSettings;
import org.atelier.common.trace.otel.Tracing;
import org.atelier.common.trace.otel.TracingSettings;
import org.atelier.worker.job.attempt.WorkerIdentity;
import org.atelier.worker.job.kafka.KafkaInbox;
import org.atelier.worker.job.log.LogTails;
import org.atelier.worker.job.metrics.Exposition;
import org.atelier.worker.job.pod.DeletionCost;
import org.atelier.worker.job.pod.KubernetesPod;
import org.atelier.worker.job.pod.PodSettings;
import org.atelier.worker.job.time.SystemTiming;
import org.atelier.worker.job.trace.AttemptSpans;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a worker process, whatever it computes with. SIGTERM and SIGINT let it leave in good order; a second one ends
 * it at once.
 */
public final class WorkerProcess {
    /** It has left in good order. */
    public static final int LEFT = 0;
    /** It could not start, or one of its threads died. */
    public static final int FAILED = 1;
    /** Its settings are wrong. */
    public static final int WRONG_SETTINGS = 2;
    /** It had to leave work behind. */
    public static final int LEFT_WORK_BEHIND = 3;
    /** A second signal ended it. */
    public static final int SECOND_SIGNAL = 130;

    private static final Logger log = LoggerFactory.getLogger(WorkerProcess.class);
    private static final String ROLE = "worker";

    /** Of connecting to the store, and of each silence; results may be large and stores slow. */
    private static final Duration STORE_TIMEOUT = Duration.ofSeconds(20);
    /** A beat makes up to three calls, and must not be late by much when each is slow. */
    private static final int CALLS_AN_INTERVAL = 2;

    private WorkerProcess() {}

    /**
     * Runs until it is told to leave, and ends the process. Does not return: a job that does not notice that it must stop
     * shall not keep the process.
     *
     * @param settings  of the equipment; those of the worker itself are added
     * @param equipment loads what the worker computes with
     */
    public static void main(List<Setting<?>> settings, Function<Configuration, Equipment> equipment) {
        main(settings, equipment, configuration -> Clock.systemUTC());
    }

    /**
     * The same by another clock.
     *
     * @param clock what the worker takes for the time of day; what it waits for is measured otherwise
     */
    public static void main(List<Setting<?>> settings, Function<Configuration, Equipment> equipment,
            Function<Configuration, Clock> clock) {
        System.exit(status(Stream.concat(WorkerSettings.PROCESS.stream(), settings.stream()).toList(), equipment,
                clock));
    }

    private static int status(List<Setting<?>> settings, Function<Configuration, Equipment> equipment,
            Function<Configuration, Clock> clock) {
        try {
            var configuration = Configuration.read(settings, System.getenv());
            LogSecrets.hide(configuration.secrets());
            log.info("settings:{}{}", System.lineSeparator(), configuration);
            configuration.unknown().forEach(
                    name -> log.warn("{} is no setting of a worker and has no effect; is it misspelt?", name));
            return run(configuration, equipment, clock.apply(configuration));
        } catch (InvalidSettingException e) {
            log.error("the settings are wrong:{}{}", System.lineSeparator(), e.getMessage());
            return WRONG_SETTINGS;
        } catch (IOException e) {
            log.error("the worker could not start: {}", e.getMessage());
            return FAILED;
        } catch (RuntimeException e) {
            log.error("the worker could not start", e);
            return FAILED;
        }
    }

    private static int run(Configuration configuration, Function<Configuration, Equipment> equipment, Clock clock)
            throws IOException {
        var host = host();
        var settings = WorkerSettings.of(configuration, madeUpName(host));
        var kafka = KafkaSettings.of(configuration);
        var storeSettings = StoreSettings.of(configuration);
        var loaded = equipment.apply(configuration);
        var timing = new SystemTiming();
        try (var tracing = Tracing.start(TracingSettings.of(configuration), "atelier-" + ROLE, settings.name());
                var store = new S3ObjectStore(storeSettings, STORE_TIMEOUT);
                var heartStore = S3ObjectStore.impatient(storeSettings, settings.heartbeatInterval().dividedBy(
                        CALLS_AN_INTERVAL));
                var events = new KafkaEventPublisher(kafka, settings.name(), EventCodec.source(ROLE, settings.name()),
                        clock)) {
            var worker = new Worker(settings, new WorkerIdentity(settings.name(), host, loaded.environment(), memory(
                    configuration, loaded)),
                    new Worker.Resources(new KafkaInbox(kafka, settings.pool(), settings.name(), timing), store,
                            heartStore, events, loaded.runners(), LogTails.listening(configuration.secrets()),
                            new AttemptSpans(tracing, settings.pool(), loaded.environment().getOrDefault("device",
                                    ""))),
                    timing, clock, new Exposition());
            listenToSignals(worker);
            worker.start();
            awaitEnd(worker, PodSettings.of(configuration), host);
            boolean clean = worker.drain(settings.gracePeriod());
            log.info("{} has left{}", settings.name(), clean ? "" : " and left work behind");
            return worker.isHealthy() ? clean ? LEFT : LEFT_WORK_BEHIND : FAILED;
        }
    }

    private static void awaitEnd(Worker worker, PodSettings settings, String host) throws IOException {
        if (!settings.deletionCost()) {
            worker.awaitEnd();
            return;
        }
        try (var pod = new KubernetesPod(KubernetesPod.SERVER, KubernetesPod.ACCOUNT, settings.name().orElse(host));
                var cost = new DeletionCost(worker::isBusy, pod::deletionCost)) {
            cost.start();
            worker.awaitEnd();
        }
    }

    private static @Nullable Long memory(Configuration configuration, Equipment loaded) {
        var memory = configuration.find(WorkerSettings.DEVICE_MEMORY).or(loaded::memoryBytes);
        memory.ifPresentOrElse(bytes -> log.info(
                "jobs that need more than {} bytes of device memory are left to others",
                bytes), () -> log.info("the device does not say how much memory it has: every job is tried"));
        return memory.orElse(null);
    }

    private static void listenToSignals(Worker worker) {
        var told = new AtomicBoolean();
        for (var name : List.of("TERM", "INT")) {
            Signals.handle(name, signal -> {
                if (told.getAndSet(true)) {
                    log.warn(
                            "a second signal, SIG{}: the process ends at once; the dispatcher finds out by the silence of"
                                    + " its leases", signal);
                    Runtime.getRuntime().halt(SECOND_SIGNAL);
                }
                log.info("SIG{}: the worker is to leave", signal);
                worker.leave();
            });
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            log.warn("this machine does not know its own name ({}); claims will say \"localhost\"", e.getMessage());
            return "localhost";
        }
    }

    private static String madeUpName(String host) {
        var random = HexFormat.of().toHexDigits((short) ThreadLocalRandom.current().nextInt());
        return host.replaceAll("[^A-Za-z0-9.-]", "-") + "-" + ProcessHandle.current().pid() + "-" + random;
    }
}
