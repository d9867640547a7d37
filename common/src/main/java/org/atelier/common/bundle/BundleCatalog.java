package org.atelier.common.bundle;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import org.atelier.common.json.Json;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.StoreKeys;
import org.atelier.common.store.StoredObject;

/** The bundles in the store. */
public final class BundleCatalog {
    private final ObjectStore store;

    public BundleCatalog(ObjectStore store) {
        this.store = store;
    }

    /**
     * The card of a bundle.
     *
     * @param reference {@code name@version}, or {@code name} for the version that was stored last
     * @return empty if there is none
     */
    public Optional<BundleCard> find(String reference) {
        int at = reference.indexOf('@');
        return at < 0
                ? newest(reference)
                : card(StoreKeys.bundleFile(reference.substring(0, at), reference.substring(at + 1), BundleCard.FILE));
    }

    /** The cards of all versions of all bundles, in the order of their names. */
    public List<BundleCard> all() {
        try (var objects = store.list(StoreKeys.BUNDLES)) {
            return objects.filter(object -> object.key().endsWith("/" + BundleCard.FILE))
                    .flatMap(object -> card(object.key()).stream())
                    .toList();
        }
    }

    private Optional<BundleCard> newest(String name) {
        try (var objects = store.list(StoreKeys.bundle(name))) {
            return objects.filter(object -> object.key().endsWith("/" + BundleCard.FILE))
                    .max(Comparator.comparing(StoredObject::lastModified).thenComparing(StoredObject::key))
                    .flatMap(object -> card(object.key()));
        }
    }

    private Optional<BundleCard> card(String key) {
        return store.get(key).map(bytes -> Json.read(bytes, BundleCard.class));
    }
}
