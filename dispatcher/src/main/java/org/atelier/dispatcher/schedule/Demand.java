package org.atelier.dispatcher.schedule;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

import org.atelier.dispatcher.fault.Outage;
import org.atelier.dispatcher.fault.UnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * How many slots of a pool would be busy if there were enough of them: what a fleet is scaled by. What no worker of the pool
 * could hold is not in it: workers would be started for it, wait, and be ended.
 */
public final class Demand {
    /** No fleet has that many slots for one tenant; what waits behind is not counted, so that an answer costs little. */
    static final int MOST_PER_TENANT = 10_000;

    private final Tenants tenants;
    private final RunBook book;
    private final Workers workers;
    private final Clock clock;
    private final BooleanSupplier known;

    /**
     * The demand for a pool's slots.
     *
     * @param queued              attempts that could start at once, waiting or in the ready topic; of each tenant at most as
     *                            many as its quota lets run
     * @param running             attempts that workers have
     * @param oldestQueuedSeconds how long the job of those has waited that was accepted first, in seconds; 0 where none waits
     *                            to be fed
     */
    public record Slots(int queued, int running, long oldestQueuedSeconds) {
        /** All of them. */
        public int demand() {
            return queued + running;
        }
    }

    /** @param known whether the book holds everything that the topics held at the start */
    public Demand(Tenants tenants, RunBook book, Workers workers, Clock clock, BooleanSupplier known) {
        this.tenants = tenants;
        this.book = book;
        this.workers = workers;
        this.clock = clock;
        this.known = known;
    }

    /**
     * The demand for a pool's slots, now.
     *
     * @throws UnavailableException if it is not known: a zero would make the fleet end its workers
     */
    public Slots of(String pool) {
        if (!known.getAsBoolean()) {
            throw new UnavailableException(Outage.PROJECTION, "The demand for the pool " + pool
                    + " is not known until everything that happened has been read.");
        }
        var active = new Backlog.ActiveCounts(book::active);
        int taken = active.of(pool, Active::attempts);
        int running = active.of(pool, Active::running);
        var able = workers.hoped(pool);
        int waiting = 0;
        Instant oldest = null;
        for (var tenant : book.tenantsWaiting(pool)) {
            var quota = tenants.of(tenant).running();
            int room = quota.map(most -> Math.max(0, most - active.of(tenant))).orElse(MOST_PER_TENANT);
            var queued = book.queued(pool, tenant, able, Math.min(room, MOST_PER_TENANT));
            waiting += queued.jobs();
            oldest = earlier(oldest, queued.since());
        }
        return new Slots(waiting + taken - running, running, oldest == null
                ? 0
                : Math.max(0, Duration.between(oldest, clock.instant()).toSeconds()));
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isBefore(other) ? one : other;
    }
}
