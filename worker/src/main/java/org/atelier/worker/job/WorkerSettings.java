package org.atelier.worker.job;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.Parser;
import org.atelier.common.config.Setting;
import org.atelier.common.kafka.KafkaSettings;
import org.atelier.common.log.LogSettings;
import org.atelier.common.store.StoreSettings;
import org.atelier.common.trace.otel.TracingSettings;
import org.atelier.worker.job.pod.PodSettings;

/**
 * How a worker works.
 *
 * @param pool               whose jobs it runs
 * @param slots              how many it runs at once
 * @param name               unique among workers that are alive
 * @param cacheFolder        where files of bundles are kept
 * @param cacheBytes         how much they may take there
 * @param heartbeatInterval  time between two signs of life of an attempt
 * @param renewInterval      longest time between two renewals of the lock of a record
 * @param checkpointInterval time between two checkpoints
 * @param presenceInterval   time between two signs of life of the worker
 * @param gracePeriod        how long it may take to leave
 * @param exitWhenIdle       how long it may have nothing to do before it leaves; empty: for ever
 * @param healthHost         where health and metrics are served
 * @param healthPort         where health and metrics are served; 0: any free port
 */
public record WorkerSettings(
        String pool,
        int slots,
        String name,
        Path cacheFolder,
        long cacheBytes,
        Duration heartbeatInterval,
        Duration renewInterval,
        Duration checkpointInterval,
        Duration presenceInterval,
        Duration gracePeriod,
        Optional<Duration> exitWhenIdle,
        String healthHost,
        int healthPort) {
    private static final int MAX_SLOTS = 64;
    private static final int MAX_PORT = 65_535;
    private static final long GIGABYTE = 1_000_000_000L;

    /** Part of topic names. */
    private static final Pattern POOL_NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    /** Part of event sources and client ids. */
    private static final Pattern WORKER_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private static final Parser<Duration> POSITIVE = Parser.DURATION.where(Duration::isPositive, "more than nothing");

    /** Pool. */
    public static final Setting<String> POOL = Setting.of("ATELIER_POOL",
            Parser.STRING.where(text -> POOL_NAME.matcher(text).matches(), "of a-z, 0-9 and -"), "edit",
            "pool whose jobs this worker runs; the dispatcher says which job types go to which pool");
    /** Slots. */
    public static final Setting<Integer> SLOTS = Setting.of("ATELIER_SLOTS", Parser.between(1, MAX_SLOTS), "1",
            "how many jobs this worker runs at once; of those that compute gradients it is one at a time in any case");
    /** Name. */
    public static final Setting<String> NAME = Setting.optional("ATELIER_WORKER_NAME",
            Parser.STRING.where(text -> WORKER_NAME.matcher(text).matches(), "of letters, digits, dots, _ and -"),
            "name of this worker, unique among those alive; absent: made of host, process and a random number");
    /** Cache. */
    public static final Setting<Path> CACHE_DIR = Setting.of("ATELIER_CACHE_DIR", Parser.PATH,
            Path.of(System.getProperty("java.io.tmpdir"), "atelier-cache").toString(),
            "folder for the files of bundles; the workers of a machine may share it");
    /** Size of the cache. */
    public static final Setting<Integer> CACHE_SIZE = Setting.of("ATELIER_CACHE_SIZE", Parser.between(1, 1_000_000),
            "50",
            "gigabytes that the cache folder may hold; the files that were used longest ago are removed");
    /** Heartbeat. */
    public static final Setting<Duration> HEARTBEAT_INTERVAL = Setting.of("ATELIER_HEARTBEAT_INTERVAL", POSITIVE, "2s",
            "time between two signs of life of a running attempt; after three that fail it stops itself, and after three"
                    + " that are missed the dispatcher starts another");
    /** Renewal. */
    public static final Setting<Duration> RENEW_INTERVAL = Setting.of("ATELIER_RENEW_INTERVAL", POSITIVE, "10s",
            "longest time between two renewals of a record's lock; a third of the share group's lock duration if that is less");
    /** Checkpoints. */
    public static final Setting<Duration> CHECKPOINT_INTERVAL = Setting.of("ATELIER_CHECKPOINT_INTERVAL", POSITIVE,
            "30s", "time between two checkpoints of a long job: what is done again after a crash");
    /** Presence. */
    public static final Setting<Duration> PRESENCE_INTERVAL = Setting.of("ATELIER_PRESENCE_INTERVAL", POSITIVE, "5s",
            "time between two signs of life of this worker; the dispatcher counts its slots by them");
    /** Grace. */
    public static final Setting<Duration> GRACE_PERIOD = Setting.of("ATELIER_GRACE_PERIOD", POSITIVE, "25s",
            "how long this worker may take to leave after SIGTERM; keep it below the platform's own (Kubernetes: 30 s)");
    /** Idleness. */
    public static final Setting<Duration> EXIT_WHEN_IDLE = Setting.optional("ATELIER_EXIT_WHEN_IDLE", POSITIVE,
            "time with nothing to do after which this worker leaves in good order, for workers that are started as Jobs;"
                    + " absent: it stays");
    /** Memory; it is a property of the device, and read where that is. */
    public static final Setting<Long> DEVICE_MEMORY = Setting.optional("ATELIER_DEVICE_MEMORY", WorkerSettings::bytes,
            "gigabytes of device memory that jobs may take, for example 24 or 1.5; those that need more are left to other"
                    + " workers; absent: all that the device has, on a CPU all that the machine or the container has");
    /** Health. */
    public static final Setting<String> HEALTH_HOST = Setting.of("ATELIER_HEALTH_HOST", Parser.STRING, "127.0.0.1",
            "address at which /healthz, /readyz and /metrics are served; 0.0.0.0 in a container");
    /** Health. */
    public static final Setting<Integer> HEALTH_PORT = Setting.of("ATELIER_HEALTH_PORT", Parser.between(0, MAX_PORT),
            "8090", "port at which /healthz, /readyz and /metrics are served; 0: any free one, which the log names");
    /** All of a worker's own. */
    public static final List<Setting<?>> LIST = List.of(POOL, SLOTS, NAME, CACHE_DIR, CACHE_SIZE,
            HEARTBEAT_INTERVAL, RENEW_INTERVAL, CHECKPOINT_INTERVAL, PRESENCE_INTERVAL, GRACE_PERIOD, EXIT_WHEN_IDLE,
            DEVICE_MEMORY,
            HEALTH_HOST,
            HEALTH_PORT);
    /** Every setting that the process reads. */
    public static final List<Setting<?>> PROCESS = Stream.of(LIST, LogSettings.LIST, KafkaSettings.LIST,
            StoreSettings.LIST, PodSettings.LIST, TracingSettings.LIST)
            .<Setting<?>>flatMap(List::stream)
            .toList();

    private static Long bytes(String gigabytes) {
        try {
            double given = Double.parseDouble(gigabytes);
            if (given > 0 && given < 1e6) {
                return Math.round(given * GIGABYTE);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("must be a number of gigabytes, for example 24 or 1.5", e);
        }
        throw new IllegalArgumentException("must be more than 0 and less than 1000000 gigabytes");
    }

    /**
     * Takes these settings out of a process's.
     *
     * @param defaultName of a worker that was given none
     */
    public static WorkerSettings of(Configuration configuration, String defaultName) {
        return new WorkerSettings(
                configuration.get(POOL),
                configuration.get(SLOTS),
                configuration.find(NAME).orElse(defaultName),
                configuration.get(CACHE_DIR),
                configuration.get(CACHE_SIZE) * GIGABYTE,
                configuration.get(HEARTBEAT_INTERVAL),
                configuration.get(RENEW_INTERVAL),
                configuration.get(CHECKPOINT_INTERVAL),
                configuration.get(PRESENCE_INTERVAL),
                configuration.get(GRACE_PERIOD),
                configuration.find(EXIT_WHEN_IDLE),
                configuration.get(HEALTH_HOST),
                configuration.get(HEALTH_PORT));
    }
}
