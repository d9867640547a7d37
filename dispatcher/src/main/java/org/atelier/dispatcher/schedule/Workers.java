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
    private final Map<String, Seen> seen = new HashMap<>(); // guarded by this

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
