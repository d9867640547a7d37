package org.atelier.dispatcher.schedule;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How many records a pool's ready topic should hold: one for each idle slot, and what the others will take before the next
 * record could reach them. Not more, because what lies in a topic is in nobody's order any longer: a retry, or a job of
 * higher priority, waits behind all of it.
 *
 * <p>How fast slots become free is counted, not assumed. A pool of jobs of minutes keeps one record beyond its idle slots;
 * one whose jobs take milliseconds keeps as many as it is allowed.
 */
final class Depth {
    /** Most records for each slot that is alive. */
    static final int MOST_PER_SLOT = 2;
    /** Records when no slot is: a worker that comes finds work at once. */
    static final int WITHOUT_SLOTS = 2;
    /** How far ahead records are laid out: some ten times what a record takes to a waiting slot. */
    private static final Duration AHEAD = Duration.ofSeconds(1);
    /** Over how long the pace is averaged. */
    private static final Duration MEMORY = Duration.ofSeconds(2);

    private final Ticker ticker;
    private final Map<String, Pace> paces = new HashMap<>();

    /**
     * @param active    attempts that were fed or ran when this was noted
     * @param perSecond attempts that left the pool for good or for another attempt
     */
    private record Pace(int active, double perSecond, long at) {}

    Depth(Ticker ticker) {
        this.ticker = ticker;
    }

    /**
     * Records that a pool's topic should hold.
     *
     * @param slots   of its live workers
     * @param running attempts that are claimed; of workers that have died as well, until these are declared lost
     * @param active  attempts that are in the topic or claimed
     */
    int of(String pool, int slots, int running, int active) {
        double pace = ended(pool, active);
        if (slots == 0) {
            return WITHOUT_SLOTS;
        }
        int idle = Math.max(0, slots - running);
        int soon = Math.max(1, (int) Math.ceil(pace * AHEAD.toSeconds()));
        return Math.min(idle + soon, MOST_PER_SLOT * slots);
    }

    /** So many attempts were fed since the pool was last asked for. */
    void fed(String pool, int attempts) {
        paces.computeIfPresent(pool, (name, pace) -> new Pace(pace.active + attempts, pace.perSecond, pace.at));
    }

    /** Attempts that end in a second: whoever was active, or was fed since, and is not active now. */
    private double ended(String pool, int active) {
        long now = ticker.nanos();
        var before = paces.get(pool);
        double perSecond = 0;
        if (before != null) {
            double kept = Math.exp(-(double) (now - before.at) / MEMORY.toNanos());
            int gone = Math.max(0, before.active - active);
            perSecond = before.perSecond * kept + (double) gone / MEMORY.toSeconds();
        }
        paces.put(pool, new Pace(active, perSecond, now));
        return perSecond;
    }
}
