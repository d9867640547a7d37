package org.atelier.dispatcher.retention;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

import org.atelier.common.store.NoSuchObjectException;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.StoreKeys;

/**
 * The store's own clock. Ages of objects are differences between two of its times; no other clock comes into it.
 *
 * <p>Some stores tell whole seconds when asked for one object and fractions in lists. All times are therefore cut to seconds
 * before they are compared.
 */
final class StoreTime {
    private static final byte[] NOTHING = {};

    private StoreTime() {}

    /** What time it is at the store: that of an object which is written now. */
    static Instant now(ObjectStore store) {
        var key = StoreKeys.PROBES + "time-" + UUID.randomUUID();
        store.put(key, NOTHING, "text/plain");
        try {
            return cut(store.stat(key).orElseThrow(() -> new NoSuchObjectException(key)).lastModified());
        } finally {
            store.delete(key);
        }
    }

    /** A time of the store as it can be compared. */
    static Instant cut(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }
}
