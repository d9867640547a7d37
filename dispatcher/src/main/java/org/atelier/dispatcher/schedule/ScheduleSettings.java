package org.atelier.dispatcher.schedule;

import java.time.Duration;
import java.util.List;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.Parser;
import org.atelier.common.config.Setting;

/**
 * How jobs are distributed and watched.
 *
 * @param pools            which pool serves which job types
 * @param tenants          what each tenant may take
 * @param maxAttempts      failed attempts after which a run has failed
 * @param freePreemptions  attempts of workers that were told to leave that do not count, while the run gets no further
 * @param heartbeat        time between two signs of life of an attempt
 * @param retryBackoff     wait before the second attempt; it doubles with every further one
 * @param retryBackoffMax  longest such wait
 * @param workerTimeout    silence after which a worker no longer counts as alive
 * @param unclaimedTimeout wait before an attempt that idle slots leave unclaimed is fed again
 */
public record ScheduleSettings(
        Pools pools,
        Tenants tenants,
        int maxAttempts,
        int freePreemptions,
        Duration heartbeat,
        Duration retryBackoff,
        Duration retryBackoffMax,
        Duration workerTimeout,
        Duration unclaimedTimeout) {
    /** Silent heartbeats after which an attempt is lost. */
    public static final int MISSED_HEARTBEATS = 3;

    private static final Parser<Duration> POSITIVE = Parser.DURATION.where(Duration::isPositive, "more than nothing");

    /** Pools. */
    public static final Setting<Pools> POOLS = Setting.of("ATELIER_POOLS", Pools::parse, Pools.DEFAULT,
            "which pool of workers serves which job types, as pool=type,type;pool=*; * is every type that no other pool"
                    + " serves; each pool has its ready topic");
    /** Tenants. */
    public static final Setting<Tenants> TENANTS = Setting.of("ATELIER_TENANTS", Tenants::parse, Tenants.DEFAULT,
            "what each tenant may take of the fleet, as tenant:weight=4,running=20,queued=1000,retention=30d,uploads=2048;*:weight=1;"
                    + " * is everybody who is not named");
    /** Attempts. */
    public static final Setting<Integer> MAX_ATTEMPTS = Setting.of("ATELIER_MAX_ATTEMPTS", Parser.between(1, 100), "3",
            "failed attempts after which a job has failed; attempts of workers that were told to leave do not count");
    /** Preemptions. */
    public static final Setting<Integer> FREE_PREEMPTIONS = Setting.of("ATELIER_FREE_PREEMPTIONS", Parser.between(0,
            1_000), "5",
            "attempts of workers that were told to leave, all starting from the same step, that do not count as failed;"
                    + " further ones do, and wait like them");
    /** Heartbeat. */
    public static final Setting<Duration> HEARTBEAT = Setting.of("ATELIER_HEARTBEAT_INTERVAL", POSITIVE, "2s",
            "time between two signs of life of a running attempt, as the workers have it; after three silent ones it is"
                    + " given to another worker");
    /** Back-off. */
    public static final Setting<Duration> RETRY_BACKOFF = Setting.of("ATELIER_RETRY_BACKOFF", POSITIVE, "5s",
            "wait after a first failed attempt; it doubles with every further one");
    /** Longest back-off. */
    public static final Setting<Duration> RETRY_BACKOFF_MAX = Setting.of("ATELIER_RETRY_BACKOFF_MAX", POSITIVE, "5m",
            "longest wait between two attempts");
    /** Workers. */
    public static final Setting<Duration> WORKER_TIMEOUT = Setting.of("ATELIER_WORKER_TIMEOUT", POSITIVE, "15s",
            "silence after which a worker's slots are no longer counted");
    /** Unclaimed attempts. */
    public static final Setting<Duration> UNCLAIMED_TIMEOUT = Setting.of("ATELIER_UNCLAIMED_TIMEOUT", POSITIVE, "15s",
            "how long a slot may be idle while an attempt waits for one, before the attempt is fed again");
    /** All of them. */
    public static final List<Setting<?>> LIST = List.of(POOLS, TENANTS, MAX_ATTEMPTS, FREE_PREEMPTIONS, HEARTBEAT,
            RETRY_BACKOFF,
            RETRY_BACKOFF_MAX, WORKER_TIMEOUT, UNCLAIMED_TIMEOUT);

    /** Takes these settings out of a process's. */
    public static ScheduleSettings of(Configuration configuration) {
        return new ScheduleSettings(configuration.get(POOLS), configuration.get(TENANTS),
                configuration.get(MAX_ATTEMPTS), configuration.get(FREE_PREEMPTIONS),
                configuration.get(HEARTBEAT), configuration.get(RETRY_BACKOFF), configuration.get(RETRY_BACKOFF_MAX),
                configuration.get(WORKER_TIMEOUT), configuration.get(UNCLAIMED_TIMEOUT));
    }

    /** Silence after which an attempt is lost. */
    public Duration silence() {
        return heartbeat.multipliedBy(MISSED_HEARTBEATS);
    }

    /** When to try again. */
    public RetryPolicy retryPolicy() {
        return new RetryPolicy(maxAttempts, retryBackoff, retryBackoffMax, freePreemptions);
    }
}
