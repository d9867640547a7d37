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
 */
public record ChaosOptions(long seed, int workers, Duration step, Duration heartbeat, Duration lock, int partitions,
        int lawless) {
    /** Intervals of the product, two workers, and a lock that a test can outlast. */
    public static ChaosOptions of(long seed) {
        return new ChaosOptions(seed, 2, Duration.ofMillis(50), Duration.ofSeconds(2), Duration.ofSeconds(10), 0, 0);
    }

    /** For tests: everything that takes time takes half of it. */
    public static ChaosOptions quick(long seed) {
        return new ChaosOptions(seed, 2, Duration.ofMillis(50), Duration.ofSeconds(1), Duration.ofSeconds(4), 1, 0);
    }

    /** With so many workers. */
    public ChaosOptions withWorkers(int count) {
        return new ChaosOptions(seed, count, step, heartbeat, lock, partitions, lawless);
    }

    /** With workers that keep no law. */
    public ChaosOptions withLawless(int count) {
        return new ChaosOptions(seed, workers, step, heartbeat, lock, partitions, count);
    }
}
