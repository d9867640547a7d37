package org.atelier.dispatcher.schedule;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.atelier.common.event.Message;

/**
 * The workers that are alive, by their own signs of life and this process's clock. Safe for use by several threads.
 *
 * <p>Nothing of it is stored: after a restart it is complete again within seconds.
 */
public final class Workers {
    private final Ticker ticker;
    private final Duration timeout;
    /**
     * How long it is remembered what a pool could hold whose workers have all gone. Then the next one that wants too much is
     * tried once more: meanwhile the pool may have been given larger devices.
     */
    static final Duration MEMORY_REMEMBERED = Duration.ofMinutes(30);

    private final Map<String, Seen> seen = new HashMap<>(); // guarded by this
    private final Map<String, Held> held = new HashMap<>(); // guarded by this

    /** Device memory of the largest worker of a pool, and when one was last heard of. */
    private record Held(long memoryBytes, long at) {}

    /**
     * A sign of life, and when it came.
     *
     * @param idleSince since when some of its slots have been idle without a break; meaningless when none is
     */
    private record Seen(Message.WorkerAlive worker, long at, long idleSince) {
        boolean idle() {
            return worker.running().size() < worker.slots();
        }
    }

    /** @param timeout silence after which a worker is no longer counted */
    public Workers(Ticker ticker, Duration timeout) {
        this.ticker = ticker;
        this.timeout = timeout;
    }

    /**
     * A worker is alive.
     *
     * @return whether it can run anything that it could not before
     */
    public synchronized boolean alive(Message.WorkerAlive worker) {
        long now = ticker.nanos();
        var before = seen.get(worker.worker());
        long idleSince = before != null && before.idle() ? before.idleSince : now;
        seen.put(worker.worker(), new Seen(worker, now, idleSince));
        held.put(worker.pool(), new Held(able(worker.pool()).memoryBytes(), now));
        return before == null || !Ability.of(List.of(worker)).equals(Ability.of(List.of(before.worker))) || !worker
                .pool().equals(before.worker.pool()) || worker.slots() != before.worker.slots();
    }

    /** A worker has left in good order. */
    public synchronized void left(String worker) {
        seen.remove(worker);
    }

    /** The workers that are alive. */
    public synchronized List<Message.WorkerAlive> all() {
        expire();
        return seen.values().stream().map(Seen::worker).toList();
    }

    /** How many attempts the workers of a pool can run at once. */
    public synchronized int slots(String pool) {
        expire();
        return seen.values().stream().map(Seen::worker).filter(worker -> worker.pool().equals(pool)).mapToInt(
                Message.WorkerAlive::slots).sum();
    }

    /** What the workers of a pool can run. */
    public synchronized Ability able(String pool) {
        return Ability.of(all().stream().filter(worker -> worker.pool().equals(pool)).toList());
    }

    /**
     * What workers of a pool can run, those included that are not there but could be started. Of a pool without workers it is
     * remembered for a while how much memory they had; it counts no job type out, because new workers may know more.
     */
    public synchronized Ability hoped(String pool) {
        var able = able(pool);
        var before = held.get(pool);
        return able.equals(Ability.ANYTHING) && before != null && ticker.nanos() - before.at < MEMORY_REMEMBERED
                .toNanos() ? new Ability(before.memoryBytes, able.types()) : able;
    }

    /** How long some slot of a pool has been idle without a break; nothing if none is. */
    public synchronized Duration idle(String pool) {
        expire();
        long now = ticker.nanos();
        return Duration.ofNanos(seen.values().stream()
                .filter(entry -> entry.worker.pool().equals(pool) && entry.idle())
                .mapToLong(entry -> now - entry.idleSince)
                .max()
                .orElse(0));
    }

    private void expire() {
        long now = ticker.nanos();
        seen.values().removeIf(entry -> now - entry.at > timeout.toNanos());
    }
}
