package org.atelier.dispatcher.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import org.atelier.common.event.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * A webhook as it stands.
 *
 * @param registration what is wanted
 * @param keys         its secrets, oldest first; not empty
 * @param disabled     why nothing more is delivered; absent: it is
 */
public record Webhook(Registration registration, List<Key> keys, @Nullable Disabled disabled) {
    /** How long a secret goes on to sign beside the one that follows it. */
    public static final Duration OVERLAP = Duration.ofHours(24);
    /**
     * By how much the clock of whoever tells of something may be behind ours, so that nothing is taken for older than a
     * webhook which is not.
     */
    static final Duration SKEW = Duration.ofMinutes(1);

    public Webhook {
        keys = List.copyOf(keys);
    }

    /**
     * A secret.
     *
     * @param number    from 1
     * @param createdAt from when on it signs
     */
    public record Key(int number, SigningSecret secret, Instant createdAt) {}

    /**
     * {@code disabled.json}.
     *
     * @param at     when
     * @param reason for people
     */
    public record Disabled(Instant at, String reason) {}

    /** Its name. */
    public String id() {
        return registration.id();
    }

    /** The keys that sign, newest first: the newest, and those that were replaced a short while ago. */
    List<Key> signing(Instant now) {
        var signing = new ArrayList<Key>();
        for (int i = keys.size() - 1; i >= 0; i--) {
            if (i == keys.size() - 1 || now.isBefore(keys.get(i + 1).createdAt().plus(OVERLAP))) {
                signing.add(keys.get(i));
            }
        }
        return signing;
    }

    /** The header that proves that a message is from us; several signatures have blanks between them. */
    String signature(String id, Instant now, byte[] body) {
        return signing(now).stream().map(key -> key.secret().sign(id, now.getEpochSecond(), body)).collect(Collectors
                .joining(" "));
    }

    /** Whether it is told of something that was sent at a moment, and read by us at another. */
    boolean wants(MessageType type, Instant time, Instant read) {
        var since = registration.createdAt();
        return disabled == null && registration.wants(type) && (!time.isBefore(since) || !read.isBefore(since) && !time
                .isBefore(since.minus(SKEW)));
    }
}
