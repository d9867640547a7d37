package org.atelier.common.event;

import java.net.URI;
import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A message with its circumstances.
 *
 * @param id      unique within the source; equal ids are the same event
 * @param source  who sent it
 * @param time    by the sender's clock
 * @param subject the job id, where it is about a job
 * @param message what happened
 */
public record Event(String id, URI source, Instant time, @Nullable String subject, Message message) {
    /**
     * An event of now.
     *
     * <p>Result events have the fixed id {@code job/run}; all others a new one.
     */
    public static Event of(Message message, URI source, Instant time) {
        var id = message instanceof Message.RunEnded ended
                ? ended.manifest().run().toString()
                : UUID.randomUUID().toString();
        var subject = switch (message) {
            case Message.AboutJob about -> about.job().value();
            case Message.JobRequested requested -> requested.key();
            default -> null;
        };
        return new Event(id, source, time, subject, message);
    }
}
