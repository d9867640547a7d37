package org.atelier.chaos.worker;

import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.StoredObject;

/**
 * A store without the two things that ownership rests on: what is created if absent is created anyway, and leases are not
 * written. Only for the control of the check: it must see what comes of that.
 */
final class LawlessStore implements ObjectStore {
    private static final String LEASE = "/lease.json";
    private static final String CLAIM = "/claim.json";

    private final ObjectStore store;

    LawlessStore(ObjectStore store) {
        this.store = store;
    }

    @Override
    public boolean createIfAbsent(String key, byte[] body, String mediaType) {
        store.put(key, body, mediaType);
        return true;
    }

    @Override
    public void put(String key, byte[] body, String mediaType) {
        if (!key.endsWith(LEASE)) {
            store.put(key, body, mediaType);
        }
    }

    @Override
    public void put(String key, Path file, String mediaType) {
        store.put(key, file, mediaType);
    }

    @Override
    public boolean touch(String key) {
        return store.touch(key);
    }

    /** Nobody else has claimed anything. */
    @Override
    public Optional<byte[]> get(String key) {
        return key.endsWith(CLAIM) ? Optional.empty() : store.get(key);
    }

    @Override
    public InputStream open(String key) {
        return store.open(key);
    }

    @Override
    public Optional<StoredObject> stat(String key) {
        return store.stat(key);
    }

    @Override
    public Stream<StoredObject> list(String prefix) {
        return store.list(prefix);
    }

    @Override
    public void delete(String key) {
        store.delete(key);
    }

    @Override
    public URI presignGet(String key, Duration validity, String fileName) {
        return store.presignGet(key, validity, fileName);
    }

    @Override
    public URI presignPut(String key, Duration validity) {
        return store.presignPut(key, validity);
    }

    @Override
    public void close() {
        store.close();
    }
}
