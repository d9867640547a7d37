package org.atelier.dispatcher.retention;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A garbage collection as its caller sees it, and its {@code report.json}.
 *
 * @param id          its name
 * @param dryRun      whether it only counts
 * @param done        whether it has come to its end; what follows is absent before
 * @param orphans     blobs that nothing names and that are older than the grace time, and uploads that nobody took
 * @param orphanBytes their size
 * @param swept       how many of them were removed
 * @param sweptBytes  their size
 * @param young       blobs that nothing names and that are too young to be removed
 * @param expired     jobs that are older than the retention of their tenant
 * @param named       blobs that something names
 * @param heldSince   blobs that are younger than this are kept, because an attempt runs since then; absent where the grace time
 *                    keeps more than that
 * @param endedAt     when it came to its end, by the dispatcher's clock
 */
public record CollectionView(
        String id,
        boolean dryRun,
        boolean done,
        @Nullable Long orphans,
        @Nullable Long orphanBytes,
        @Nullable Long swept,
        @Nullable Long sweptBytes,
        @Nullable Long young,
        @Nullable Long expired,
        @Nullable Long named,
        @Nullable Instant heldSince,
        @Nullable Instant endedAt) {
    static CollectionView waiting(CollectionPlan plan) {
        return new CollectionView(plan.id(), plan.dryRun(), false, null, null, null, null, null, null, null, null,
                null);
    }
}
