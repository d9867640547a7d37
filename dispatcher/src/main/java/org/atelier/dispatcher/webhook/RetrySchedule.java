package org.atelier.dispatcher.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * When a delivery is tried again.
 *
 * @param waits before the second and every further attempt
 */
public record RetrySchedule(List<Duration> waits) {
    /** What a wait may be longer by, so that what failed together does not come back together. */
    private static final double SPREAD = 0.1;
    private static final int STEPS = 1_000;

    public RetrySchedule {
        waits = List.copyOf(waits);
    }

    /**
     * The wait after a failed attempt; empty if it was the last.
     *
     * @param failed attempts that failed so far, from 1
     * @param id     of the message: it decides by how much the wait is longer, so that it can be told beforehand
     */
    Optional<Duration> after(int failed, String id) {
        if (failed > waits.size()) {
            return Optional.empty();
        }
        var wait = waits.get(failed - 1);
        int step = Math.floorMod((id + failed).hashCode(), STEPS);
        return Optional.of(wait.plusMillis((long) (wait.toMillis() * SPREAD * step / STEPS)));
    }
}
