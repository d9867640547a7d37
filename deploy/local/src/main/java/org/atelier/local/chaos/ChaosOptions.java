package org.atelier.local.chaos;

import java.time.Duration;

/**
 * What a fleet that is to be broken looks like.
 *
 * @param seed      of everything that is drawn
 * @param workers   how many
 * @param step      how long a step of a job takes
 * @param heartbeat of workers and dispatcher
 * @param lock      of ready records
 * @param partitions of ready topics; 0: as the product has it. Each partition is served by a part of the slots: with fewer slots than
 *                   partitions by one, which may be busy while others have nothing to do
 * @param lawless   how many of the workers keep no law of ownership, for the control of the check itself
 * @param open      jobs that are open at once for each worker: with 1 some are idle now and then, with 4 nobody ever is
 */
public record ChaosOptions(long seed, int workers, Duration step, Duration heartbeat, Duration lock, int partitions,
        int lawless, double open) {
    /** Open jobs a worker: some wait, so that a fault finds work in every state. */
    public static final double BUSY = 4;

    /** Intervals of the product, two workers, and a lock that a test can outlast. */
    public static ChaosOptions of(long seed) {
        return new ChaosOptions(seed, 2, Duration.ofMillis(50), Duration.ofSeconds(2), Duration.ofSeconds(10), 0, 0,
                BUSY);
    }

    /** For tests: everything that takes time takes half of it. */
    public static ChaosOptions quick(long seed) {
        return new ChaosOptions(seed, 2, Duration.ofMillis(50), Duration.ofSeconds(1), Duration.ofSeconds(4), 1, 0,
                BUSY);
    }

    /** With so many workers. */
    public ChaosOptions withWorkers(int count) {
        return new ChaosOptions(seed, count, step, heartbeat, lock, partitions, lawless, open);
    }

    /** With workers that keep no law. */
    public ChaosOptions withLawless(int count) {
        return new ChaosOptions(seed, workers, step, heartbeat, lock, partitions, count, open);
    }

    /** With so many open jobs for each worker. */
    public ChaosOptions withOpen(double jobs) {
        return new ChaosOptions(seed, workers, step, heartbeat, lock, partitions, lawless, jobs);
    }

    /** Jobs that are open at once. */
    int openJobs() {
        return (int) Math.max(1, Math.round(workers * open));
    }
}
