package org.atelier.dispatcher.webhook;

import java.net.URI;
import java.time.Instant;
import java.util.Set;

import org.atelier.common.event.MessageType;

/**
 * {@code webhook.json}: what somebody wants to be told. Created once, never changed.
 *
 * @param id          its name
 * @param tenant      whose jobs it is about
 * @param url         where to
 * @param description what it is for, in the words of whoever made it
 * @param events      what is told, by {@linkplain MessageType#shortName short names}
 * @param parts       whether the parts of composite jobs are told of too
 * @param createdAt   when it was made: of what happened before, nothing is told
 * @param createdBy   who made it
 */
public record Registration(
        String id,
        String tenant,
        URI url,
        String description,
        Set<String> events,
        boolean parts,
        Instant createdAt,
        String createdBy) {
    public Registration {
        events = Set.copyOf(events);
    }

    boolean wants(MessageType type) {
        return events.contains(type.shortName());
    }
}
