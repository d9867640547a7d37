package org.atelier.dispatcher.webhook;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.event.Event;
import org.atelier.common.event.Message;
import org.atelier.common.event.MessageType;
import org.atelier.common.job.JobId;
import org.atelier.common.json.Json;
import org.atelier.common.trace.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * An event that webhooks may want to be told of.
 *
 * @param id     the event's
 * @param type   what happened
 * @param job    to which job
 * @param time   by the sender's clock
 * @param body   the CloudEvent in structured mode, as JSON
 */
public record Notice(String id, MessageType type, JobId job, Instant time, String body) {
    /** Media type of the body. */
    static final String MEDIA_TYPE = "application/cloudevents+json";
    /**
     * What webhooks are told. Progress is not among it: it is told every other second of every job, and whoever wants it
     * follows the stream of events of a job.
     */
    private static final Set<MessageType> TYPES = EnumSet.of(MessageType.RUN_QUEUED, MessageType.ATTEMPT_STARTED,
            MessageType.ATTEMPT_FAILED, MessageType.CANCEL_REQUESTED, MessageType.RUN_ENDED);
    private static final String TEST_TYPE = "org.atelier.webhook.test.v1";
    /** Ids are keys of the database. */
    private static final int MAX_ID = 255;

    /** What a webhook is told of where nothing else is asked for. */
    public static final Set<String> DEFAULT = Set.of(MessageType.RUN_ENDED.shortName());

    /** The short names of all that webhooks can be told of. */
    public static List<String> types() {
        return TYPES.stream().map(MessageType::shortName).toList();
    }

    /** The event as webhooks are told of it; empty where it is nothing for them. */
    public static Optional<Notice> of(Event event) {
        var type = MessageType.of(event.message());
        if (!TYPES.contains(type) || !(event.message() instanceof Message.AboutJob about) || event.id()
                .length() > MAX_ID) {
            return Optional.empty();
        }
        return Optional.of(new Notice(event.id(), type, about.job(), event.time(), structured(event.id(), event
                .source(), type.wireName(), about.job().value(), event.time(), event.trace(), Json.tree(event
                        .message()))));
    }

    /**
     * What a delivery of an event belongs to, as its body says.
     *
     * @param job   its job
     * @param trace the span that it came of, if it came of one
     */
    record Origin(String job, @Nullable TraceContext trace) {
        static Origin of(String body) {
            var event = Json.read(body.getBytes(StandardCharsets.UTF_8), JsonNode.class);
            return new Origin(event.path("subject").asText(), TraceContext.parse(event.path(TraceContext.TRACEPARENT)
                    .textValue(), event.path(TraceContext.TRACESTATE).textValue()).orElse(null));
        }
    }

    /**
     * What a test of a webhook sends.
     *
     * @param id   of the event
     * @param body the CloudEvent
     */
    record Test(String id, byte[] body) {
        static Test of(Webhook webhook, URI source, Instant now) {
            var id = "test-" + UUID.randomUUID();
            return new Test(id, structured(id, source, TEST_TYPE, null, now, null, Json.mapper().createObjectNode().put(
                    "webhook",
                    webhook.id())).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String structured(String id, URI source, String type, @Nullable String subject, Instant time,
            @Nullable TraceContext trace, JsonNode data) {
        var event = Json.mapper().createObjectNode()
                .put("specversion", "1.0")
                .put("id", id)
                .put("source", source.toString())
                .put("type", type)
                .put("time", time.toString())
                .put("datacontenttype", "application/json");
        if (subject != null) {
            event.put("subject", subject);
        }
        if (trace != null) {
            trace.headers().forEach(event::put);
        }
        return Json.text(event.set("data", data));
    }
}
