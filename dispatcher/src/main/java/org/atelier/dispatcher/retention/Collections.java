package org.atelier.dispatcher.retention;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.json.Json;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.StoreKeys;
import org.atelier.dispatcher.access.Audit;
import org.atelier.dispatcher.access.Principal;

/** Takes garbage collections. Safe for use by several threads. */
public final class Collections {
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{2,63}");

    private final ObjectStore store;
    private final Audit audit;
    private final Clock clock;

    public Collections(ObjectStore store, Audit audit, Clock clock) {
        this.store = store;
        this.audit = audit;
        this.clock = clock;
    }

    /** Asks for one; it is made in the background. */
    public CollectionView submit(Principal who, boolean dryRun) {
        var plan = new CollectionPlan(UUID.randomUUID().toString(), who.actor(), dryRun, clock.instant());
        audit.record(who, "store.collect", plan.id(), Map.of("dry_run", String.valueOf(dryRun)));
        store.createIfAbsent(StoreKeys.collectionPlan(plan.id()), Json.bytes(plan), Artifact.JSON);
        return CollectionView.waiting(plan);
    }

    /** One that was asked for, or empty if there is none. */
    public Optional<CollectionView> find(String id) {
        if (!ID.matcher(id).matches()) {
            return Optional.empty();
        }
        return store.get(StoreKeys.collectionReport(id))
                .map(bytes -> Json.read(bytes, CollectionView.class))
                .or(() -> store.get(StoreKeys.collectionPlan(id)).map(bytes -> CollectionView.waiting(Json.read(bytes,
                        CollectionPlan.class))));
    }
}
