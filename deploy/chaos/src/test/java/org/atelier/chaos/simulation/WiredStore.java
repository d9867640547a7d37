package org.atelier.chaos.simulation;

import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.StoreException;
import org.atelier.common.store.StoredObject;

/** The store as one process sees it. */
final class WiredStore implements ObjectStore {
    private final Wire wire;
    private final ObjectStore bucket;

    WiredStore(Wire wire, ObjectStore bucket) {
        this.wire = wire;
        this.bucket = bucket;
    }

    private <T> T call(Supplier<T> effect) {
        return wire.store(effect, message -> new StoreException("The store: " + message + ".", null));
    }

    private void run(Runnable effect) {
        call(() -> {
            effect.run();
            return true;
        });
    }

    @Override
    public boolean createIfAbsent(String key, byte[] body, String mediaType) {
        return call(() -> bucket.createIfAbsent(key, body, mediaType));
    }

    @Override
    public void put(String key, byte[] body, String mediaType) {
        run(() -> bucket.put(key, body, mediaType));
    }

    @Override
    public void put(String key, Path file, String mediaType) {
        run(() -> bucket.put(key, file, mediaType));
    }

    @Override
    public boolean touch(String key) {
        return call(() -> bucket.touch(key));
    }

    @Override
    public Optional<byte[]> get(String key) {
        return call(() -> bucket.get(key));
    }

    @Override
    public InputStream open(String key) {
        return call(() -> bucket.open(key));
    }

    @Override
    public Optional<StoredObject> stat(String key) {
        return call(() -> bucket.stat(key));
    }

    @Override
    public Stream<StoredObject> list(String prefix) {
        return call(() -> bucket.list(prefix));
    }

    @Override
    public void delete(String key) {
        run(() -> bucket.delete(key));
    }

    @Override
    public URI presignGet(String key, Duration validity, String fileName) {
        return bucket.presignGet(key, validity, fileName);
    }

    @Override
    public URI presignPut(String key, Duration validity) {
        return bucket.presignPut(key, validity);
    }

    @Override
    public void close() {
        // There is nothing to close.
    }
}
