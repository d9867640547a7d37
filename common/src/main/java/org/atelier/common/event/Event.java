package org.atelier.common.event;

import java.net.URI;
import java.time.Instant;
import java.util.UUID;

import org.atelier.common.trace.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * A message with its circumstances.
 *
 * @param id      unique within the source; equal ids are the same event
 * @param source  who sent it
 * @param time    by the sender's clock
 * @param subject the job id, where it is about a job
 * @param message what happened
 * @param trace   the span that it came of, which whoever hears of it may go on from; absent where there is none
 */
public record Event(String id, URI source, Instant time, @Nullable String subject, Message message,
        @Nullable TraceContext trace) {
    /** Of nothing that is traced. */
    public Event(String id, URI source, Instant time, @Nullable String subject, Message message) {
        this(id, source, time, subject, message, null);
    }

    /**
     * An event of now.
     *
     * <p>Result events have the fixed id {@code job/run}; all others a new one.
     */
    public static Event of(Message message, URI source, Instant time) {
        return of(message, source, time, null);
    }

    /**
     * An event of now.
     *
     * @param trace the span that it came of; of a result event it is the manifest's, however often and by whomever it is told
     */
    public static Event of(Message message, URI source, Instant time, @Nullable TraceContext trace) {
        var id = message instanceof Message.RunEnded ended
                ? ended.manifest().run().toString()
                : UUID.randomUUID().toString();
        var subject = switch (message) {
            case Message.AboutJob about -> about.job().value();
            case Message.JobRequested requested -> requested.key();
            default -> null;
        };
        return new Event(id, source, time, subject, message, message instanceof Message.RunEnded ended
                ? ended.manifest().trace()
                : trace);
    }
}
