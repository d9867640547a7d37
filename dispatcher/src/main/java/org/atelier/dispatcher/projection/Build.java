package org.atelier.dispatcher.projection;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * One making of the projection from topics and store.
 *
 * @param number   of the build, from 1
 * @param wantedBy who asked for it
 * @param wantedAt when
 * @param beganAt  when everything older was dropped; absent: it waits for the dispatcher that leads
 * @param readAt   when everything had been read that the topics held
 * @param endedAt  when the store had been looked through, too
 * @param lookedAt jobs of the store that were looked at so far
 * @param restored those of them of which the topics no longer held everything
 */
public record Build(int number, String wantedBy, Instant wantedAt, @Nullable Instant beganAt, @Nullable Instant readAt,
        @Nullable Instant endedAt, int lookedAt, int restored) {
    /** Whether it is still to be done, or under way. */
    public boolean isOpen() {
        return endedAt == null;
    }
}
