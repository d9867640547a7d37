package org.atelier.common.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A store in memory with the promises of a real one, for tests. It can be told to fail. */
public class MemoryObjectStore implements ObjectStore {
    private record Entry(byte[] body, Instant lastModified) {}

    private final ConcurrentSkipListMap<String, Entry> objects = new ConcurrentSkipListMap<>();
    private final Clock clock;
    private final AtomicInteger writesLeft = new AtomicInteger(Integer.MAX_VALUE);
    private volatile boolean down;

    public MemoryObjectStore() {
        this(Clock.systemUTC());
    }

    public MemoryObjectStore(Clock clock) {
        this.clock = clock;
    }

    /** Makes every call fail, or stops that. */
    public void setDown(boolean down) {
        this.down = down;
    }

    /** Makes every write fail after this many further ones. */
    public void setDownAfter(int writes) {
        writesLeft.set(writes);
    }

    /** All keys, in order. */
    public List<String> keys() {
        return List.copyOf(objects.keySet());
    }

    @Override
    public boolean createIfAbsent(String key, byte[] body, String mediaType) {
        checkUp();
        countWrite();
        var previous = objects.putIfAbsent(key, entry(body));
        return previous == null || Arrays.equals(previous.body, body);
    }

    @Override
    public void put(String key, byte[] body, String mediaType) {
        checkUp();
        countWrite();
        objects.put(key, entry(body));
    }

    @Override
    public void put(String key, Path file, String mediaType) {
        try {
            put(key, Files.readAllBytes(file), mediaType);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean touch(String key) {
        checkUp();
        countWrite();
        return objects.computeIfPresent(key, (known, entry) -> entry(entry.body)) != null;
    }

    @Override
    public Optional<byte[]> get(String key) {
        checkUp();
        return Optional.ofNullable(objects.get(key)).map(entry -> entry.body.clone());
    }

    @Override
    public InputStream open(String key) {
        return new ByteArrayInputStream(get(key).orElseThrow(() -> new NoSuchObjectException(key)));
    }

    @Override
    public Optional<StoredObject> stat(String key) {
        checkUp();
        return Optional.ofNullable(objects.get(key)).map(entry -> stored(key, entry));
    }

    @Override
    public Stream<StoredObject> list(String prefix) {
        checkUp();
        return objects.tailMap(prefix).entrySet().stream()
                .takeWhile(entry -> entry.getKey().startsWith(prefix))
                .map(entry -> stored(entry.getKey(), entry.getValue()));
    }

    @Override
    public void delete(String key) {
        checkUp();
        objects.remove(key);
    }

    @Override
    public URI presignGet(String key, Duration validity, String fileName) {
        return URI.create("memory://store/" + key);
    }

    @Override
    public URI presignPut(String key, Duration validity) {
        return URI.create("memory://store/" + key);
    }

    @Override
    public void close() {}

    private Entry entry(byte[] body) {
        return new Entry(body.clone(), clock.instant());
    }

    private static StoredObject stored(String key, Entry entry) {
        return new StoredObject(key, entry.body.length, entry.lastModified);
    }

    private void countWrite() {
        if (writesLeft.getAndUpdate(n -> n == Integer.MAX_VALUE ? n : Math.max(0, n - 1)) == 0) {
            throw new StoreException("The store is down, as the test wants it.", null);
        }
    }

    private void checkUp() {
        if (down) {
            throw new StoreException("The store is down, as the test wants it.", null);
        }
    }
}
