package org.atelier.dispatcher.webhook;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.config.Secret;
import org.atelier.common.event.MessageType;
import org.atelier.common.json.Json;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.StoreKeys;
import org.atelier.dispatcher.access.Principal;

/**
 * All webhooks. They are kept in the store and not in the projection's database, which may be dropped; each is a few
 * documents that are created and never changed, so that no two dispatchers can undo each other's work. Safe for use by
 * several threads.
 */
public final class Webhooks implements Interest {
    /** Most webhooks of a tenant. */
    public static final int MAX_PER_TENANT = 20;
    /** Most secrets that sign at once. */
    public static final int MAX_SIGNING = 3;
    /** What is older is told to nobody: it is read again only because the projection was dropped. */
    public static final Duration MEMORY = Duration.ofDays(7);
    /** How old the snapshot may become where something is signed or refused by it. */
    static final Duration VALIDITY = Duration.ofSeconds(10);

    private static final int ID_BYTES = 8;
    private static final Pattern KEY = Pattern.compile(Pattern.quote(StoreKeys.WEBHOOKS)
            + "([0-9a-f]{16})/(webhook|disabled|secrets/(\\d{1,9}))\\.json");

    private final ObjectStore store;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock reloading = new ReentrantLock();
    private volatile Snapshot snapshot;

    private record Snapshot(Map<String, Webhook> webhooks, Map<String, JsonNode> documents, Instant at) {}

    private record SecretDocument(String secret, Instant createdAt, String createdBy) {
        @Override
        public String toString() {
            return "a secret of " + createdAt;
        }
    }

    /**
     * A webhook with a secret that was just made.
     *
     * @param secret the only time that it is shown
     */
    public record Issued(Webhook webhook, Secret secret) {}

    /** There are as many as there may be; the message says of what, and what to do. */
    public static final class TooManyException extends Exception {
        private static final long serialVersionUID = 1L;

        TooManyException(String message) {
            super(message);
        }
    }

    /**
     * Reads all webhooks.
     *
     * @throws org.atelier.common.store.StoreException if the store does not answer
     */
    public Webhooks(ObjectStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
        this.snapshot = read(Map.of());
    }

    /** Makes a webhook. The secret comes first: once there is a webhook, it can sign. */
    public Issued create(Principal by, URI url, String description, Set<String> events, boolean parts)
            throws TooManyException {
        if (list(by.tenant()).size() >= MAX_PER_TENANT) {
            throw new TooManyException("The tenant " + by.tenant() + " has " + MAX_PER_TENANT
                    + " webhooks, and may have no more; remove one first.");
        }
        var id = new byte[ID_BYTES];
        random.nextBytes(id);
        var registration = new Registration(HexFormat.of().formatHex(id), by.tenant(), url, description, events, parts,
                clock.instant(), by.actor());
        var secret = addSecret(by, registration.id(), 1).orElseThrow(() -> new IllegalStateException(
                "two webhooks with the random id " + registration.id()));
        store.createIfAbsent(StoreKeys.webhook(registration.id()), Json.bytes(registration), Artifact.JSON);
        reload();
        return new Issued(known(registration.id()).orElseThrow(), secret);
    }

    private Optional<Secret> addSecret(Principal by, String id, int number) {
        var secret = SigningSecret.random(random).text();
        return store.createIfAbsent(StoreKeys.webhookSecret(id, number), Json.bytes(new SecretDocument(secret.reveal(),
                clock.instant(), by.actor())), Artifact.JSON) ? Optional.of(secret) : Optional.empty();
    }

    /** The webhooks of a tenant, oldest first. */
    public List<Webhook> list(String tenant) {
        reload();
        return snapshot.webhooks.values().stream()
                .filter(webhook -> webhook.registration().tenant().equals(tenant))
                .sorted(Comparator.comparing((Webhook webhook) -> webhook.registration().createdAt()).thenComparing(
                        Webhook::id))
                .toList();
    }

    /** A webhook of a tenant, or empty if it has none of that name. */
    public Optional<Webhook> find(String tenant, String id) {
        reload();
        return known(id).filter(webhook -> webhook.registration().tenant().equals(tenant));
    }

    /**
     * Gives a webhook another secret. The one before signs beside it for {@link Webhook#OVERLAP}.
     *
     * @return empty if another secret was made at the same moment
     */
    public Optional<Issued> rotate(Principal by, Webhook webhook) throws TooManyException {
        if (webhook.signing(clock.instant()).size() >= MAX_SIGNING) {
            throw new TooManyException("The webhook has " + MAX_SIGNING + " secrets that sign; a replaced one is good"
                    + " for " + Webhook.OVERLAP.toHours() + " h. Wait, or remove the webhook and make another.");
        }
        var secret = addSecret(by, webhook.id(), webhook.keys().getLast().number() + 1);
        reload();
        return secret.flatMap(text -> known(webhook.id()).map(rotated -> new Issued(rotated, text)));
    }

    /** Removes a webhook: here at once, at other dispatchers within {@link #VALIDITY}. */
    public void delete(Webhook webhook) {
        store.delete(StoreKeys.webhook(webhook.id()));
        webhook.keys().forEach(key -> store.delete(StoreKeys.webhookSecret(webhook.id(), key.number())));
        store.delete(StoreKeys.webhookDisabled(webhook.id()));
        reload();
    }

    /** Ends all deliveries to a webhook; only a new one can take its place. */
    void disable(Webhook webhook, String reason) {
        store.createIfAbsent(StoreKeys.webhookDisabled(webhook.id()), Json.bytes(new Webhook.Disabled(clock.instant(),
                reason)), Artifact.JSON);
        reload();
    }

    /** All webhooks of the last {@link #reload}. */
    List<Webhook> all() {
        return List.copyOf(snapshot.webhooks.values());
    }

    /** A webhook as it was at most {@link #VALIDITY} ago; one that is not known is looked for now. */
    Optional<Webhook> current(String id) {
        var age = Duration.between(snapshot.at, clock.instant());
        if (age.isNegative() || age.compareTo(VALIDITY) > 0 || !snapshot.webhooks.containsKey(id)) {
            reload();
        }
        return known(id);
    }

    /**
     * Whether any webhook may want to be told of something: one that is known, or one that somebody made after the last
     * {@link #reload}.
     */
    @Override
    public boolean mayWant(MessageType type, Instant time) {
        var known = snapshot;
        return time.isAfter(clock.instant().minus(MEMORY)) && (!time.isBefore(known.at.minus(Webhook.SKEW))
                || known.webhooks.values().stream().anyMatch(
                        webhook -> webhook.wants(type, time, known.at)));
    }

    private Optional<Webhook> known(String id) {
        return Optional.ofNullable(snapshot.webhooks.get(id));
    }

    /** Looks at the store: from now on everything is known that was done before. */
    void reload() {
        reloading.lock();
        try {
            snapshot = read(snapshot.documents);
        } finally {
            reloading.unlock();
        }
    }

    /** A document never changes, so that known ones need not be read again. */
    private Snapshot read(Map<String, JsonNode> known) {
        var at = clock.instant();
        var documents = new HashMap<String, JsonNode>();
        try (var objects = store.list(StoreKeys.WEBHOOKS)) {
            objects.filter(object -> KEY.matcher(object.key()).matches()).forEach(object -> Optional.ofNullable(known
                    .get(object.key())).or(() -> store.get(object.key()).map(bytes -> Json.read(bytes,
                            JsonNode.class))).ifPresent(document -> documents.put(object.key(), document)));
        }
        return new Snapshot(assembled(documents), Map.copyOf(documents), at);
    }

    private static Map<String, Webhook> assembled(Map<String, JsonNode> documents) {
        var keys = new HashMap<String, List<Webhook.Key>>();
        documents.forEach((key, document) -> {
            var matcher = KEY.matcher(key);
            if (matcher.matches() && matcher.group(3) != null) {
                var secret = Json.read(document, SecretDocument.class);
                keys.computeIfAbsent(matcher.group(1), id -> new ArrayList<>()).add(new Webhook.Key(Integer.parseInt(
                        matcher.group(3)), new SigningSecret(new Secret(secret.secret)), secret.createdAt));
            }
        });
        var webhooks = new HashMap<String, Webhook>();
        keys.forEach((id, all) -> {
            all.sort(Comparator.comparingInt(Webhook.Key::number));
            // Without its registration it is being made, or was removed.
            Optional.ofNullable(documents.get(StoreKeys.webhook(id))).ifPresent(document -> webhooks.put(id,
                    new Webhook(Json.read(document, Registration.class), all, Optional.ofNullable(documents.get(
                            StoreKeys.webhookDisabled(id))).map(node -> Json.read(node, Webhook.Disabled.class)).orElse(
                                    null))));
        });
        return Map.copyOf(webhooks);
    }
}
