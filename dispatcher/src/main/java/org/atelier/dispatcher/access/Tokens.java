package org.atelier.dispatcher.access;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

import org.atelier.common.config.Secret;
import org.atelier.common.json.Json;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.StoreException;
import org.atelier.common.store.StoreKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API tokens. They are kept in the store and not in the projection's database, which may be dropped, and only as
 * hashes. A snapshot of all of them answers; what another dispatcher changes is seen within {@link #VALIDITY}. Safe for
 * use by several threads.
 */
public final class Tokens {
    /** How old the snapshot may become. */
    public static final Duration VALIDITY = Duration.ofSeconds(10);
    private static final String JSON = "application/json";
    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);

    private final ObjectStore store;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock reloading = new ReentrantLock();
    private volatile Snapshot snapshot;

    private record Snapshot(Map<String, ApiToken> tokens, Instant at) {}

    /**
     * A token that was just made.
     *
     * @param kept   what is kept of it
     * @param secret the token itself
     */
    public record Issued(ApiToken kept, Secret secret) {}

    /**
     * Reads all tokens.
     *
     * @throws StoreException if the store does not answer: nobody is let in on a guess
     */
    public Tokens(ObjectStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
        this.snapshot = read(Map.of());
    }

    /** Makes a token. */
    public Issued create(Principal by, String name, String tenant, Role role, Optional<Duration> validity) {
        var now = clock.instant();
        var text = TokenText.random(random);
        var token = new ApiToken(text.id(), name, tenant, role, text.hash(), now, by.actor(), validity.map(now::plus)
                .orElse(null));
        if (!store.createIfAbsent(StoreKeys.token(token.id()), Json.bytes(token), JSON)) {
            throw new IllegalStateException("two tokens with the random id " + token.id());
        }
        reload();
        return new Issued(token, new Secret(text.text()));
    }

    /** All tokens, oldest first. */
    public List<ApiToken> list() {
        reload();
        return snapshot.tokens.values().stream().sorted(Comparator.comparing(ApiToken::createdAt).thenComparing(
                ApiToken::id)).toList();
    }

    /**
     * Ends a token: here at once, at other dispatchers within {@link #VALIDITY}.
     *
     * @return whether there was one
     */
    public boolean revoke(String id) {
        if (!TokenText.isId(id) || store.stat(StoreKeys.token(id)).isEmpty()) {
            return false;
        }
        store.delete(StoreKeys.token(id));
        reload();
        return true;
    }

    /** Whether there is none: then everybody may do everything, if only this machine can ask. */
    public boolean isEmpty() {
        return current().isEmpty();
    }

    /** Whose token it is; empty if it is none, was revoked or has expired. */
    Optional<Principal> find(TokenText text) {
        return Optional.ofNullable(current().get(text.id()))
                .filter(token -> text.proves(token.hash()))
                .filter(token -> token.isGood(clock.instant()))
                .map(ApiToken::principal);
    }

    private Map<String, ApiToken> current() {
        var age = Duration.between(snapshot.at, clock.instant());
        if ((age.isNegative() || age.compareTo(VALIDITY) > 0) && reloading.tryLock()) {
            try {
                snapshot = read(snapshot.tokens);
            } catch (StoreException e) {
                LOG.warn("tokens that were made or revoked elsewhere since {} have no effect here yet ({})",
                        snapshot.at, e.getMessage());
            } finally {
                reloading.unlock();
            }
        }
        return snapshot.tokens;
    }

    private void reload() {
        reloading.lock();
        try {
            snapshot = read(snapshot.tokens);
        } finally {
            reloading.unlock();
        }
    }

    /** A token never changes, so that known ones need not be read again. */
    private Snapshot read(Map<String, ApiToken> known) {
        var at = clock.instant();
        var tokens = new HashMap<String, ApiToken>();
        try (var objects = store.list(StoreKeys.TOKENS)) {
            objects.forEach(object -> {
                var id = object.key().substring(StoreKeys.TOKENS.length()).replaceFirst("\\.json$", "");
                Optional.ofNullable(known.get(id))
                        .or(() -> store.get(object.key()).map(bytes -> Json.read(bytes, ApiToken.class)))
                        .ifPresent(token -> tokens.put(token.id(), token));
            });
        }
        return new Snapshot(Map.copyOf(tokens), at);
    }
}
