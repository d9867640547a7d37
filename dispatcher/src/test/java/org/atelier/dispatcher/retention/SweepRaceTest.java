package org.atelier.dispatcher.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

import org.atelier.common.artifact.Digest;
import org.atelier.common.store.BlobStore;
import org.atelier.common.store.MemoryObjectStore;
import org.atelier.common.store.StoreException;
import org.atelier.common.store.StoreKeys;
import org.atelier.common.store.StoredObject;
import org.atelier.dispatcher.support.FakeTime;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A blob is old and nothing names it; at the moment at which it is removed, somebody writes the same bytes, or touches them
 * for a job that is being accepted. Every order of the calls that both make to the store is tried: the one who relies on the
 * blob never believes that it is there when it is not going to be.
 */
@Timeout(60)
class SweepRaceTest {
    private static final byte[] BYTES = {1, 2, 3};
    private static final Digest BLOB = Digest.of(BYTES);
    private static final Duration GRACE = Duration.ofDays(7);

    /** Lets the calls of two threads through in a given order; when one of them has come to its end, those of the other. */
    private static final class Turns extends MemoryObjectStore {
        private final FakeTime time;
        private final List<Semaphore> mayGo = List.of(new Semaphore(0), new Semaphore(0));
        private final Semaphore arrived = new Semaphore(0);
        private volatile boolean free = true;

        Turns(FakeTime time) {
            super(time);
            this.time = time;
        }

        private void turn(String key) {
            if (free || key.startsWith(StoreKeys.PROBES)) {
                return;
            }
            arrived.release();
            mayGo.get(Thread.currentThread().getName().equals("sweeper") ? 0 : 1).acquireUninterruptibly();
        }

        @Override
        public boolean createIfAbsent(String key, byte[] body, String mediaType) {
            turn(key);
            return super.createIfAbsent(key, body, mediaType);
        }

        @Override
        public void put(String key, byte[] body, String mediaType) {
            turn(key);
            super.put(key, body, mediaType);
        }

        @Override
        public boolean touch(String key) {
            turn(key);
            return super.touch(key);
        }

        @Override
        public Optional<byte[]> get(String key) {
            turn(key);
            return super.get(key);
        }

        @Override
        public Optional<StoredObject> stat(String key) {
            turn(key);
            return super.stat(key);
        }

        @Override
        public void delete(String key) {
            turn(key);
            super.delete(key);
        }
    }

    /** Who makes the next call: 0 the sweeper, 1 the writer. They make five and three at most. */
    static Stream<List<Integer>> orders() {
        var orders = new ArrayList<List<Integer>>();
        for (int bits = 0; bits < 1 << 8; bits++) {
            if (Integer.bitCount(bits) == 3) {
                var order = new ArrayList<Integer>();
                for (int place = 0; place < 8; place++) {
                    order.add(bits >> place & 1);
                }
                orders.add(order);
            }
        }
        return orders.stream();
    }

    @ParameterizedTest
    @MethodSource("orders")
    void whoWritesTheSameBytesKeepsThem(List<Integer> order) throws Exception {
        race(order, blobs -> {
            blobs.put("a.bin", BYTES, "application/octet-stream");
            return true;
        });
    }

    @ParameterizedTest
    @MethodSource("orders")
    void whoTouchesItKeepsItOrLearnsThatItIsGone(List<Integer> order) throws Exception {
        race(order, blobs -> blobs.rely(BLOB));
    }

    private interface Relying {
        /** Whether the blob is relied on. */
        boolean on(BlobStore blobs);
    }

    private static void race(List<Integer> order, Relying relying) throws Exception {
        var time = new FakeTime();
        var store = new Turns(time);
        var blobs = new BlobStore(store);
        blobs.put("a.bin", BYTES, "application/octet-stream");
        time.pass(GRACE.plusSeconds(1));
        var before = StoreTime.now(store).minus(GRACE);
        var remover = new Remover(store, Runnable::run, time);
        var relied = new boolean[1];
        var sweeper = new Thread(() -> remover.remove(List.of(BLOB), before), "sweeper");
        var writer = new Thread(() -> {
            try {
                relied[0] = relying.on(blobs);
            } catch (StoreException e) {
                // It is told to try again, and does so below, when the sweeper has had its way.
                relied[0] = false;
            }
        }, "writer");
        store.free = false;
        var threads = List.of(sweeper, writer);
        threads.forEach(Thread::start);
        var waiting = new boolean[]{true, true};
        store.arrived.acquire(2);
        for (int who : Stream.concat(order.stream(), Stream.of(0, 0, 0, 0, 0, 1, 1, 1, 1, 1)).toList()) {
            if (waiting[who]) {
                store.mayGo.get(who).release();
                waiting[who] = hasArrived(store, threads.get(who));
            }
        }
        sweeper.join();
        writer.join();
        store.free = true;

        assertThat(store.keys()).doesNotContain(StoreKeys.CONDEMNED);
        if (relied[0]) {
            assertThat(store.keys()).as("it was told that it is there").contains(StoreKeys.blob(BLOB));
            assertThat(remover.remove(List.of(BLOB), before).blobs()).as("and it is young").isZero();
        } else {
            blobs.put("a.bin", BYTES, "application/octet-stream");
            assertThat(blobs.get(BLOB)).isEqualTo(BYTES);
        }
    }

    /** Waits until a thread that was let go is at its next call, or over. */
    private static boolean hasArrived(Turns store, Thread thread) throws InterruptedException {
        while (thread.isAlive()) {
            if (store.arrived.tryAcquire(1, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        return store.arrived.tryAcquire();
    }
}
