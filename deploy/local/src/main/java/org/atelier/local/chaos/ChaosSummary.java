package org.atelier.local.chaos;

import java.util.List;

/**
 * What came of fleets that were broken, one after the other.
 *
 * @param heartbeatSeconds of workers and dispatcher: a lost worker is noticed after three of them
 * @param lockSeconds      of ready records
 * @param workers          of each fleet
 * @param openPerWorker    jobs that were open at once for each worker: how long a retry has to queue
 * @param seeds            that were run
 * @param clean            whether nothing happened that must never happen
 * @param rounds           one a seed
 */
public record ChaosSummary(
        double heartbeatSeconds,
        double lockSeconds,
        int workers,
        double openPerWorker,
        List<Long> seeds,
        boolean clean,
        List<ChaosReport> rounds) {
    private static final double MILLIS = 1e3;

    /** Of rounds of fleets that differ in their seeds only. */
    public static ChaosSummary of(ChaosOptions options, List<ChaosReport> rounds) {
        return new ChaosSummary(options.heartbeat().toMillis() / MILLIS, options.lock().toMillis() / MILLIS, options
                .workers(), options.open(), rounds.stream().map(ChaosReport::seed).toList(), rounds.stream().allMatch(
                        ChaosReport::clean), List.copyOf(rounds));
    }
}
