package org.atelier.dispatcher.access;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What is kept of an API token. The token itself is shown once, to whoever made it.
 *
 * @param id        its name; part of the token
 * @param name      what it is for, in the words of whoever made it: the actor of what is done with it
 * @param tenant    whose jobs it sees
 * @param role      what it may do
 * @param hash      SHA-256 of its secret, in hexadecimal digits
 * @param createdAt when it was made
 * @param createdBy who made it
 * @param expiresAt from when on it is no longer good; absent: never
 */
public record ApiToken(
        String id,
        String name,
        String tenant,
        Role role,
        String hash,
        Instant createdAt,
        String createdBy,
        @Nullable Instant expiresAt) {
    /** Whoever has it. */
    Principal principal() {
        return new Principal(tenant, name, role);
    }

    boolean isGood(Instant now) {
        return expiresAt == null || now.isBefore(expiresAt);
    }
}
