package org.atelier.dispatcher.retention;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.json.Json;
import org.atelier.common.store.Condemned;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.StoreException;
import org.atelier.common.store.StoreKeys;
import org.atelier.dispatcher.schedule.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes blobs, and none that somebody is about to rely on: the only place that does. See {@link Condemned} for what it and
 * whoever writes a blob owe to each other. Not safe for use by several threads; several processes may remove at once.
 */
final class Remover {
    /** Blobs of one list: few enough for whoever waits for one of them to wait for a moment only. */
    private static final int AT_ONCE = 256;
    /** A list this old was left by a process that died: nobody takes this long over one. */
    private static final Duration ABANDONED = Duration.ofMinutes(10);
    /** Whoever takes longer, because it was frozen, removes nothing more: its list may have been taken from it. */
    private static final Duration LONGEST = ABANDONED.dividedBy(2);

    private static final Logger LOG = LoggerFactory.getLogger(Remover.class);

    private final ObjectStore store;
    private final Executor executor;
    private final Ticker ticker;

    Remover(ObjectStore store, Executor executor, Ticker ticker) {
        this.store = store;
        this.executor = executor;
        this.ticker = ticker;
    }

    /**
     * What was removed.
     *
     * @param spared blobs that are there and were too young
     */
    record Removed(long blobs, long bytes, List<Digest> spared) {
        static final Removed NOTHING = new Removed(0, 0, List.of());

        Removed plus(Removed other) {
            var all = new ArrayList<>(spared);
            all.addAll(other.spared);
            return new Removed(blobs + other.blobs, bytes + other.bytes, all);
        }
    }

    /**
     * Removes blobs that nothing names.
     *
     * @param before those that were written or touched at this time of the store or later are spared
     * @throws StoreException if the store does not answer, or another process removes blobs at this moment
     */
    Removed remove(Collection<Digest> blobs, Instant before) {
        var all = List.copyOf(blobs);
        var removed = Removed.NOTHING;
        for (int start = 0; start < all.size(); start += AT_ONCE) {
            removed = removed.plus(batch(all.subList(start, Math.min(all.size(), start + AT_ONCE)), before));
        }
        return removed;
    }

    private Removed batch(List<Digest> blobs, Instant before) {
        var list = new Condemned(UUID.randomUUID().toString(), blobs);
        takeOver();
        long since = ticker.nanos();
        if (!store.createIfAbsent(StoreKeys.CONDEMNED, Json.bytes(list), Artifact.JSON)) {
            throw new StoreException("Another process removes blobs at this moment.", null);
        }
        try {
            var single = blobs.stream().map(blob -> CompletableFuture.supplyAsync(() -> one(blob, before, since),
                    executor)).toList();
            // All are waited for, whatever became of the first: the list may go only when nobody acts on it.
            CompletableFuture.allOf(single.toArray(CompletableFuture[]::new)).join();
            return single.stream().map(CompletableFuture::join).reduce(Removed.NOTHING, Removed::plus);
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : e;
        } finally {
            store.delete(StoreKeys.CONDEMNED);
        }
    }

    private Removed one(Digest blob, Instant before, long since) {
        var key = StoreKeys.blob(blob);
        var found = store.stat(key);
        if (found.isEmpty()) {
            return Removed.NOTHING;
        }
        boolean isOld = StoreTime.cut(found.get().lastModified()).isBefore(before);
        if (!isOld || ticker.nanos() - since > LONGEST.toNanos()) {
            return new Removed(0, 0, List.of(blob));
        }
        store.delete(key);
        return new Removed(1, found.get().size(), List.of());
    }

    private void takeOver() {
        var left = store.stat(StoreKeys.CONDEMNED);
        if (left.isPresent() && left.get().lastModified().isBefore(StoreTime.now(store).minus(ABANDONED))) {
            LOG.warn(
                    "a list of blobs that were to be removed was left by a process that died; it is dropped, and what it"
                            + " named is found again by the next collection");
            store.delete(StoreKeys.CONDEMNED);
        }
    }
}
