package org.atelier.dispatcher.access;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.bundle.BundleCatalog;
import org.atelier.common.json.Json;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.StoreKeys;

/**
 * Bundles as a tenant sees them. A bundle is everybody's unless its tenants were named; to others it is not there.
 */
public final class TenantBundles {
    private final BundleCatalog catalog;
    private final ObjectStore store;

    /**
     * The tenants that may use a bundle.
     *
     * @param tenants their names
     */
    public record Tenants(Set<String> tenants) {
        public Tenants {
            tenants = Set.copyOf(tenants);
        }
    }

    public TenantBundles(BundleCatalog catalog, ObjectStore store) {
        this.catalog = catalog;
        this.store = store;
    }

    /** The card of a bundle, {@code name@version} or {@code name}; empty if there is none for the tenant. */
    public Optional<BundleCard> find(Principal who, String reference) {
        return catalog.find(reference).filter(card -> isFor(who, card.name()));
    }

    /** The cards of all bundles that the tenant may use. */
    public List<BundleCard> all(Principal who) {
        return catalog.all().stream().filter(card -> isFor(who, card.name())).toList();
    }

    /**
     * Names the tenants of a bundle, for all its versions.
     *
     * @param tenants empty: everybody
     * @return whether there is such a bundle
     */
    public boolean share(String name, Set<String> tenants) {
        if (catalog.find(name).isEmpty()) {
            return false;
        }
        if (tenants.isEmpty()) {
            store.delete(StoreKeys.bundleTenants(name));
        } else {
            store.put(StoreKeys.bundleTenants(name), Json.bytes(new Tenants(tenants)), "application/json");
        }
        return true;
    }

    private boolean isFor(Principal who, String name) {
        return store.get(StoreKeys.bundleTenants(name))
                .map(bytes -> Json.read(bytes, Tenants.class).tenants().contains(who.tenant()))
                .orElse(true);
    }
}
