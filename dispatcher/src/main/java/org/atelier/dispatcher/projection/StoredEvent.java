package org.atelier.dispatcher.projection;

import java.time.Instant;

import org.atelier.common.event.Message;
import org.atelier.common.event.MessageType;
import org.atelier.common.job.JobId;
import org.atelier.common.json.Json;

/**
 * An event of a job, as it is replayed to whoever watches the job.
 *
 * @param job    the job
 * @param offset the record's, in its partition of the events topic: rises from event to event of a job
 * @param run    the run that it is about
 * @param name   what happened, for example {@code attempt.progressed}
 * @param data   the message, as JSON
 * @param at     when the dispatcher kept it
 */
public record StoredEvent(JobId job, long offset, int run, String name, String data, Instant at) {
    /** Name of the event that ends a run. */
    public static final String RUN_ENDED = MessageType.RUN_ENDED.shortName();

    /** An event that was just read. */
    public static StoredEvent of(Message.AboutJob message, long offset, Instant now) {
        return new StoredEvent(message.job(), offset, run(message), MessageType.of(message).shortName(),
                Json.text(message), now);
    }

    private static int run(Message.AboutJob message) {
        return switch (message) {
            case Message.AboutAttempt attempt -> attempt.attempt().run().run();
            case Message.RunQueued queued -> queued.run().run();
            case Message.CancelRequested cancel -> cancel.run().run();
            case Message.JobErased erased -> throw new IllegalArgumentException("of an erased job nothing is kept");
            case Message.RunEnded ended -> ended.manifest().run().run();
        };
    }
}
