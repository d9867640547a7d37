package org.atelier.worker.job.bundle;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.bundle.BundleCatalog;

/**
 * What bundle versions say about themselves. A version never changes, so each is read once in the life of a process; one
 * that is not there is looked for again. Safe for use by several threads.
 */
public final class BundleCards {
    private final BundleCatalog catalog;
    private final Map<String, BundleCard> known = new ConcurrentHashMap<>();

    public BundleCards(BundleCatalog catalog) {
        this.catalog = catalog;
    }

    /**
     * The card of a bundle version.
     *
     * @param reference {@code name@version}
     * @return empty if the store has none
     * @throws org.atelier.common.store.StoreException if the store does not answer
     */
    public Optional<BundleCard> find(String reference) {
        var card = known.get(reference);
        if (card != null) {
            return Optional.of(card);
        }
        var found = catalog.find(reference);
        found.ifPresent(read -> known.put(reference, read));
        return found;
    }
}
