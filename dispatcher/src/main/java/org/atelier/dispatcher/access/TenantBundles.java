package org.atelier.dispatcher.access;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

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
    private final Duration validity;
    private final LongSupplier nanos;
    private final Map<String, Known> answers = new ConcurrentHashMap<>();

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

    /** What the store said of a bundle. */
    private record Known(BundleCard card, Optional<Tenants> tenants, long at) {
        boolean isFor(Principal who) {
            return TenantBundles.isFor(who, tenants);
        }
    }

    /** Asks the store each time. */
    public TenantBundles(BundleCatalog catalog, ObjectStore store) {
        this(catalog, store, Duration.ZERO, () -> 0);
    }

    /**
     * Asks the store again when its last answer is too old.
     *
     * @param validity of an answer that there is a bundle; that there is none is asked each time
     * @param nanos    counts on at an even pace
     */
    public TenantBundles(BundleCatalog catalog, ObjectStore store, Duration validity, LongSupplier nanos) {
        this.catalog = catalog;
        this.store = store;
        this.validity = validity;
        this.nanos = nanos;
    }

    /** The card of a bundle, {@code name@version} or {@code name}; empty if there is none for the tenant. */
    public Optional<BundleCard> find(Principal who, String reference) {
        return known(reference).filter(known -> known.isFor(who)).map(Known::card);
    }

    /** An answer is as old as its question: what changes between the two is seen after the validity. */
    private Optional<Known> known(String reference) {
        long now = nanos.getAsLong();
        var last = answers.get(reference);
        if (last != null && now - last.at < validity.toNanos()) {
            return Optional.of(last);
        }
        var found = catalog.find(reference).map(card -> new Known(card, tenants(card.name()), now));
        found.ifPresentOrElse(known -> answers.put(reference, known), () -> answers.remove(reference));
        return found;
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
        answers.clear();
        return true;
    }

    private boolean isFor(Principal who, String name) {
        return isFor(who, tenants(name));
    }

    private static boolean isFor(Principal who, Optional<Tenants> named) {
        return named.map(some -> some.tenants().contains(who.tenant())).orElse(true);
    }

    private Optional<Tenants> tenants(String name) {
        return store.get(StoreKeys.bundleTenants(name)).map(bytes -> Json.read(bytes, Tenants.class));
    }
}
