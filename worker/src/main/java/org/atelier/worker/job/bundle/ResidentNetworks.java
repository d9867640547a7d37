package org.atelier.worker.job.bundle;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Networks that stay on the device between jobs, so that the next job of the same bundle starts at once. When the device
 * runs short, those go first that were used longest ago; never those that a job uses.
 *
 * @param <N> the networks of a bundle; closing frees their memory
 */
public final class ResidentNetworks<N extends AutoCloseable> implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ResidentNetworks.class);

    private final Function<LocalBundle, N> opener;
    private final int most;

    /** In the order of their last use, the latest last. */
    private final Map<String, Resident<N>> residents = new LinkedHashMap<>();

    private static final class Resident<N> {
        private final N networks;
        private int users;

        Resident(N networks) {
            this.networks = networks;
        }
    }

    /** The right to use networks until it is closed. */
    public final class Lease implements AutoCloseable {
        private final Resident<N> resident;
        private boolean closed;

        private Lease(Resident<N> resident) {
            this.resident = resident;
        }

        /** The networks. */
        public N networks() {
            return resident.networks;
        }

        /** Gives them back; they stay resident. */
        @Override
        public void close() {
            synchronized (ResidentNetworks.this) {
                if (!closed) {
                    closed = true;
                    resident.users--;
                    shrink();
                }
            }
        }
    }

    /**
     * An empty set.
     *
     * @param opener builds the networks of a bundle on the device
     * @param most   bundles that stay, beside those in use
     */
    public ResidentNetworks(Function<LocalBundle, N> opener, int most) {
        this.opener = opener;
        this.most = most;
    }

    /**
     * Networks of a bundle, resident or opened now. If the device has no room for them, idle ones make some.
     *
     * @throws RuntimeException of the opener, if it cannot, also with nothing else on the device
     */
    public synchronized Lease take(LocalBundle bundle) {
        var reference = bundle.card().reference();
        var resident = residents.remove(reference);
        if (resident == null) {
            resident = new Resident<>(open(bundle));
        }
        residents.put(reference, resident);
        resident.users++;
        shrink();
        return new Lease(resident);
    }

    private N open(LocalBundle bundle) {
        while (true) {
            try {
                return opener.apply(bundle);
            } catch (RuntimeException e) {
                if (!isShortOfMemory(e) || !dropLeastUsed()) {
                    throw e;
                }
            }
        }
    }

    private static boolean isShortOfMemory(Throwable thrown) {
        for (var cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null && cause.getMessage().contains("out of memory")) {
                return true;
            }
        }
        return false;
    }

    private void shrink() {
        while (residents.values().stream().filter(resident -> resident.users == 0).count() > most) {
            dropLeastUsed();
        }
    }

    /**
     * Frees the networks that no job uses and that were used longest ago: what to do when a job runs out of device memory.
     *
     * @return whether there were any
     */
    public synchronized boolean dropLeastUsed() {
        Optional<String> idle = residents.entrySet()
                .stream()
                .filter(entry -> entry.getValue().users == 0)
                .map(Map.Entry::getKey)
                .findFirst();
        idle.ifPresent(reference -> {
            log.info(
                    "the networks of {} leave the device; the next job that names them waits until they are read again",
                    reference);
            close(residents.remove(reference));
        });
        return idle.isPresent();
    }

    private static void close(Resident<? extends AutoCloseable> resident) {
        try {
            resident.networks.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("networks cannot be freed", e);
        }
    }

    /** Frees all, also those in use: the process ends. */
    @Override
    public synchronized void close() {
        residents.values().forEach(ResidentNetworks::close);
        residents.clear();
    }
}
