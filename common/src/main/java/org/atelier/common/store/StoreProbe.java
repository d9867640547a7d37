package org.atelier.common.store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/**
 * Checks that a store keeps the one promise that ownership of jobs rests on: of several clients that create the same key
 * at once, exactly one wins. Some stores accept {@code If-None-Match} and ignore it.
 */
public final class StoreProbe {
    /** How many clients race for each key. */
    static final int CLIENTS = 8;
    /** How many keys are raced for. */
    static final int ROUNDS = 8;

    private final ObjectStore store;

    public StoreProbe(ObjectStore store) {
        this.store = store;
    }

    /**
     * Races, and removes what it wrote.
     *
     * @throws UnfitStoreException if the store let none or several win, or let an existing key be created again
     * @throws StoreException      if the store cannot be reached
     */
    public void check() throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            var key = StoreKeys.PROBES + UUID.randomUUID();
            try {
                int winners = race(key);
                if (winners != 1) {
                    throw new UnfitStoreException("Of " + CLIENTS + " clients that created the same object at once, "
                            + winners + " were told that they had; it must be one. This store does not honour"
                            + " \"If-None-Match: *\" and cannot be used: jobs would run twice.");
                }
            } finally {
                store.delete(key);
            }
        }
    }

    private int race(String key) throws InterruptedException {
        var start = new CyclicBarrier(CLIENTS);
        var calls = new ArrayList<Callable<Boolean>>();
        for (int client = 0; client < CLIENTS; client++) {
            var body = ("client " + client).getBytes(StandardCharsets.UTF_8);
            calls.add(() -> {
                start.await();
                return store.createIfAbsent(key, body, "text/plain");
            });
        }
        int winners = 0;
        try (var executor = Executors.newFixedThreadPool(CLIENTS)) {
            for (var call : executor.invokeAll(calls)) {
                winners += call.get() ? 1 : 0;
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof StoreException known
                    ? known
                    : new StoreException("The store could not be probed (" + e.getCause() + ").", e.getCause());
        }
        return winners;
    }
}
