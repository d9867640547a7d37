package org.atelier.local.chaos;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.atelier.common.artifact.Digest;
import org.atelier.common.json.Json;
import org.atelier.common.ledger.Checkpoint;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.S3ObjectStore;
import org.atelier.common.store.StoreKeys;

/** The files of a fleet's store, to be damaged behind its back. */
final class StoredFiles implements AutoCloseable {
    private static final String CHECKPOINT = "/checkpoint.json";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Path bucket;
    private final ObjectStore store;

    StoredFiles(ChaosFleet fleet) {
        var settings = fleet.fleet().store().settings();
        this.bucket = fleet.folder().resolve("store").resolve(settings.bucket());
        this.store = new S3ObjectStore(settings, TIMEOUT);
    }

    /** The newest checkpoints of runs that have not ended; returns their blobs. */
    List<Digest> damageCheckpoints() {
        List<String> keys;
        try (var objects = store.list(StoreKeys.JOBS)) {
            keys = objects.map(object -> object.key()).filter(key -> key.endsWith(CHECKPOINT)).toList();
        }
        var blobs = keys.stream()
                .flatMap(key -> store.get(key).stream())
                .map(bytes -> Json.read(bytes, Checkpoint.class))
                .filter(checkpoint -> store.get(StoreKeys.manifest(checkpoint.attempt().run())).isEmpty())
                .map(checkpoint -> checkpoint.state().digest())
                .distinct()
                .toList();
        blobs.forEach(blob -> flip(StoreKeys.blob(blob)));
        return blobs;
    }

    /** Flips a bit of an object's first byte. */
    void flip(String key) {
        try (var file = new RandomAccessFile(bucket.resolve(key).toFile(), "rw")) {
            int first = Optional.of(file.read()).filter(read -> read >= 0).orElseThrow(() -> new IOException(
                    "nothing in it"));
            file.seek(0);
            file.write(first ^ 1);
        } catch (IOException e) {
            throw new UncheckedIOException("the store's file of " + key + " cannot be damaged", e);
        }
    }

    /** Makes every blob older: what was written before a grace time has to go, and nobody waits for hours. */
    void age(Duration by) {
        try (var blobs = Files.walk(bucket.resolve(StoreKeys.BLOBS))) {
            for (var file : blobs.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Files.getLastModifiedTime(file).toInstant().minus(by)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the store's files cannot be made older", e);
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
