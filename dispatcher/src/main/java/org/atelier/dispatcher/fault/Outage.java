package org.atelier.dispatcher.fault;

import java.util.Optional;
import java.util.concurrent.CompletionException;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.event.PublishException;
import org.atelier.common.store.StoreException;

/** What the dispatcher cannot work without, and may lose for a while. */
public enum Outage {
    /** The object store. */
    STORE("the object store"),
    /** Kafka. */
    KAFKA("Kafka"),
    /** The database of the projection. */
    DATABASE("the database"),
    /** What the projection does not hold yet. */
    PROJECTION("the projection (it is still being built)"),
    /** Who issues tokens. */
    ISSUER("the issuer of tokens");

    private final String words;

    Outage(String words) {
        this.words = words;
    }

    /**
     * What was away when this was thrown; empty if it was thrown for another reason, which trying again will not change.
     */
    public static Optional<Outage> of(Throwable thrown) {
        return switch (thrown) {
            case UnavailableException unavailable -> Optional.of(unavailable.outage());
            case PublishException publish -> Optional.of(KAFKA);
            case StoreException store when store.category() == ErrorCategory.STORAGE_UNAVAILABLE -> Optional.of(STORE);
            case CompletionException wrapper when wrapper.getCause() != null -> of(wrapper.getCause());
            default -> Optional.empty();
        };
    }

    /** What it is, as part of a sentence. */
    @Override
    public String toString() {
        return words;
    }
}
