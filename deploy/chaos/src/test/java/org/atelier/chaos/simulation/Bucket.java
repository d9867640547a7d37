package org.atelier.chaos.simulation;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

import org.atelier.chaos.history.Fact;
import org.atelier.chaos.history.History;
import org.atelier.common.json.Json;
import org.atelier.common.ledger.Checkpoint;
import org.atelier.common.ledger.Claim;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.store.MemoryObjectStore;
import org.atelier.common.store.StoreKeys;

/** What the store holds, and what it saw being written. */
final class Bucket extends MemoryObjectStore {
    private final Clock clock;
    private final History history;
    private final boolean conditional;
    private final Map<String, String> workers = new HashMap<>();

    /** @param conditional whether it keeps its promise to create only what is absent */
    Bucket(Clock clock, History history, boolean conditional) {
        super(clock);
        this.clock = clock;
        this.history = history;
        this.conditional = conditional;
    }

    @Override
    public boolean createIfAbsent(String key, byte[] body, String mediaType) {
        if (conditional && stat(key).isPresent()) {
            return super.createIfAbsent(key, body, mediaType);
        }
        put(key, body, mediaType);
        if (key.equals(StoreKeys.JOBS) || !key.startsWith(StoreKeys.JOBS)) {
            return true;
        }
        if (key.endsWith("/manifest.json")) {
            var manifest = Json.read(body, Manifest.class);
            history.add(new Fact.ManifestCreated(clock.instant(), manifest.run(), manifest.outcome(), manifest
                    .attempt(), manifest.token()));
        } else if (key.endsWith("/claim.json")) {
            var claim = Json.read(body, Claim.class);
            workers.put(claim.attempt().toString(), claim.worker());
        }
        return true;
    }

    @Override
    public void put(String key, byte[] body, String mediaType) {
        super.put(key, body, mediaType);
        if (key.endsWith("/checkpoint.json")) {
            var checkpoint = Json.read(body, Checkpoint.class);
            history.add(new Fact.CheckpointWritten(clock.instant(), checkpoint.attempt(), workers.getOrDefault(
                    checkpoint.attempt().toString(), "nobody"), checkpoint.step()));
        }
    }
}
