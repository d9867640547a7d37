package org.atelier.dispatcher.webhook;

import java.time.Instant;

import org.atelier.common.event.MessageType;

/** Whether webhooks may want to be told of something. Whoever is in doubt says yes: what is wanted is decided later. */
@FunctionalInterface
public interface Interest {
    /** Whether any may want to be told of something that happened at a moment. */
    boolean mayWant(MessageType type, Instant time);
}
