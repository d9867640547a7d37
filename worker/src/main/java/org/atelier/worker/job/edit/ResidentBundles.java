package org.atelier.worker.job.edit;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.job.bundle.LocalBundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The networks of the bundles that were used last, on the device. What is in use stays; of the rest, those unused for
 * longest go when there are too many.
 *
 * <p>Networks know their bundle's reference and not its bytes: a version never changes once it is published.
 */
public final class ResidentBundles implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ResidentBundles.class);

    private final int capacity;
    private final Function<LocalBundle, BundleNetworks> opener;
    /** From the one unused for longest to the newest. */
    private final Map<String, Resident> residents = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * None yet.
     *
     * @param capacity how many bundles stay when nobody uses them; at least 1
     * @param opener   opens the networks of a bundle
     */
    public ResidentBundles(int capacity, Function<LocalBundle, BundleNetworks> opener) {
        this.capacity = capacity;
        this.opener = opener;
    }

    /** Networks on the device, and how many jobs use them. */
    private static final class Resident {
        private final BundleNetworks networks;
        private int users;

        Resident(BundleNetworks networks) {
            this.networks = networks;
        }
    }

    /** The right to use networks; close it after the last use. */
    public final class Use implements AutoCloseable {
        private final Resident resident;

        private Use(Resident resident) {
            this.resident = resident;
        }

        /** The networks; several jobs may use them at once. */
        public BundleNetworks get() {
            return resident.networks;
        }

        @Override
        public void close() {
            release(resident);
        }
    }

    /** The networks of a bundle, opened if they are not there. */
    public synchronized Use use(LocalBundle bundle) {
        var resident = residents.computeIfAbsent(bundle.card().reference(), reference -> new Resident(opener.apply(
                bundle)));
        resident.users++;
        dropUnused(capacity);
        return new Use(resident);
    }

    private synchronized void release(Resident resident) {
        resident.users--;
        dropUnused(capacity);
    }

    private void dropUnused(int limit) {
        var oldest = residents.entrySet().iterator();
        while (residents.size() > limit && oldest.hasNext()) {
            drop(oldest);
        }
    }

    private static void drop(Iterator<Map.Entry<String, Resident>> oldest) {
        var candidate = oldest.next();
        if (candidate.getValue().users == 0) {
            log.info("the networks of {} leave the device", candidate.getKey());
            oldest.remove();
            candidate.getValue().networks.close();
        }
    }

    /** The references of the bundles on the device, from the one unused for longest to the newest. */
    synchronized List<String> references() {
        return List.copyOf(residents.keySet());
    }

    /** Frees what nobody uses. */
    @Override
    public synchronized void close() {
        dropUnused(0);
    }
}
