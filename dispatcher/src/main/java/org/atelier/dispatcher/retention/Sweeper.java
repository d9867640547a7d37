package org.atelier.dispatcher.retention;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.atelier.common.artifact.Digest;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.StoreKeys;
import org.atelier.common.store.StoredObject;

/** Finds the blobs that nothing names, and removes them. */
final class Sweeper {
    private static final int AT_ONCE = 4_096;

    private final ObjectStore store;
    private final Remover remover;
    private final Duration grace;

    /** @param grace a blob that was written or touched less long ago is not looked at: somebody may be about to name it */
    Sweeper(ObjectStore store, Remover remover, Duration grace) {
        this.store = store;
        this.remover = remover;
        this.grace = grace;
    }

    /**
     * What was found.
     *
     * @param orphans     blobs that nothing names and that are old enough, and uploads that nobody took
     * @param orphanBytes their size
     * @param swept       how many of them were removed
     * @param sweptBytes  their size
     * @param young       blobs that nothing names and that are too young
     * @param leftovers   documents of erased jobs that were written after that; removed with the orphans
     */
    record Result(long orphans, long orphanBytes, long swept, long sweptBytes, long young, long leftovers) {}

    /** Goes through all blobs. */
    Result sweep(Inventory.Stock stock, boolean dryRun) {
        var before = before(stock);
        long orphans = 0;
        long bytes = 0;
        long young = 0;
        var removed = Remover.Removed.NOTHING;
        var batch = new ArrayList<Digest>();
        try (var objects = store.list(StoreKeys.BLOBS)) {
            for (var object : (Iterable<StoredObject>) objects::iterator) {
                var digest = digest(object.key());
                if (digest.isEmpty() || stock.named().contains(digest.get())) {
                    continue;
                }
                if (!StoreTime.cut(object.lastModified()).isBefore(before)) {
                    young++;
                    continue;
                }
                orphans++;
                bytes += object.size();
                batch.add(digest.get());
                if (batch.size() == AT_ONCE) {
                    removed = removed.plus(remove(batch, before, dryRun));
                }
            }
        }
        removed = removed.plus(remove(batch, before, dryRun));
        var uploads = uploads(stock.at().minus(grace));
        long uploaded = uploads.stream().mapToLong(StoredObject::size).sum();
        if (!dryRun) {
            uploads.forEach(upload -> store.delete(upload.key()));
            stock.leftovers().forEach(store::delete);
        }
        return new Result(orphans + uploads.size(), bytes + uploaded, removed.blobs() + (dryRun ? 0 : uploads.size()),
                removed.bytes() + (dryRun ? 0 : uploaded), young + removed.spared().size(), stock.leftovers().size());
    }

    /** Younger than this is what somebody may be about to name, and what an open attempt may have made for its result. */
    private Instant before(Inventory.Stock stock) {
        var before = stock.at().minus(grace);
        return StoreTime.cut(stock.openSince().filter(since -> since.isBefore(before)).orElse(before));
    }

    private Remover.Removed remove(List<Digest> batch, Instant before, boolean dryRun) {
        var blobs = Set.copyOf(batch);
        batch.clear();
        return dryRun || blobs.isEmpty() ? Remover.Removed.NOTHING : remover.remove(blobs, before);
    }

    private List<StoredObject> uploads(Instant before) {
        try (var objects = store.list(StoreKeys.UPLOADS)) {
            return objects.filter(object -> object.lastModified().isBefore(before)).toList();
        }
    }

    private static Optional<Digest> digest(String key) {
        var name = key.substring(key.lastIndexOf('/') + 1);
        try {
            var digest = new Digest(name);
            return key.equals(StoreKeys.blob(digest)) ? Optional.of(digest) : Optional.empty();
        } catch (IllegalArgumentException e) {
            // No blob of ours: somebody put it there, and it stays.
            return Optional.empty();
        }
    }
}
