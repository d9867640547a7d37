package org.atelier.common.kafka;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.CloudEventSerializer;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.cloudevents.rw.CloudEventRWException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.atelier.common.event.Event;
import org.atelier.common.event.Message;
import org.atelier.common.event.MessageType;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobRequest;
import org.atelier.common.json.Json;
import org.atelier.common.trace.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * Events as Kafka records: CloudEvents 1.0 in binary mode, attributes in headers, data as JSON.
 *
 * <p>Reading never throws: a topic is fed by strangers, and one bad record must not stop the records behind it.
 */
public final class EventCodec {
    /** Largest data of an event, in bytes; what is larger belongs into a blob. */
    public static final int MAX_DATA = 64 << 10;

    private static final String DATA_TYPE = "application/json";

    private EventCodec() {}

    /**
     * A record's headers and value.
     *
     * @param headers the CloudEvent's attributes
     * @param value   its data
     */
    public record Encoded(Headers headers, byte[] value) {}

    /** What a record turned out to be. */
    public sealed interface Decoded {
        /** An event of ours. */
        record Understood(Event event) implements Decoded {}

        /**
         * An event of ours in a form that a later version introduced: leave it to somebody newer.
         *
         * @param type    its CloudEvent type
         * @param id      its id
         * @param source  its source; with the id it names the event in an answer
         * @param attempt that it makes ready, if it is new only in what its request asks for
         * @param what    is new about it
         */
        record Newer(String type, @Nullable String id, @Nullable String source, @Nullable AttemptId attempt,
                String what) implements Decoded {
            /** One of a newer type. */
            public Newer(String type, @Nullable String id, @Nullable String source) {
                this(type, id, source, null, "its type is " + type);
            }

            /** One of a newer type, whose sender needs no answer. */
            public Newer(String type) {
                this(type, null, null);
            }
        }

        /**
         * No event: what the topic held under this key is to be forgotten.
         *
         * @param key of the record
         */
        record Retracted(String key) implements Decoded {}

        /**
         * Nothing that can be read.
         *
         * @param id     the event's id, where that much could be read
         * @param source the event's source, where that much could be read
         * @param reason what is wrong
         */
        record Unreadable(@Nullable String id, @Nullable String source, String reason) implements Decoded {}
    }

    /**
     * Writes an event.
     *
     * @throws IllegalArgumentException if its data is larger than {@link #MAX_DATA}
     */
    public static Encoded encode(Event event) {
        var data = Json.bytes(event.message() instanceof Message.JobRequested requested
                ? requested.submission()
                : event.message());
        if (data.length > MAX_DATA) {
            throw new IllegalArgumentException("the data of an event has at most " + MAX_DATA + " bytes, not "
                    + data.length + ": " + MessageType.of(event.message()));
        }
        var builder = CloudEventBuilder.v1()
                .withId(event.id())
                .withSource(event.source())
                .withType(MessageType.of(event.message()).wireName())
                .withTime(OffsetDateTime.ofInstant(event.time(), ZoneOffset.UTC))
                .withData(DATA_TYPE, data);
        if (event.subject() != null) {
            builder.withSubject(event.subject());
        }
        var trace = event.trace();
        if (trace != null) {
            builder.withExtension(TraceContext.TRACEPARENT, trace.traceparent());
            if (trace.tracestate() != null) {
                builder.withExtension(TraceContext.TRACESTATE, trace.tracestate());
            }
        }
        var headers = new RecordHeaders();
        try (var serializer = new CloudEventSerializer()) {
            return new Encoded(headers, serializer.serialize("", headers, builder.build()));
        }
    }

    /** Reads a record. */
    public static Decoded decode(@Nullable String key, Headers headers, byte @Nullable [] value) {
        if (value == null) {
            return key == null
                    ? new Decoded.Unreadable(null, null, "the record has neither key nor value")
                    : new Decoded.Retracted(key);
        }
        CloudEvent cloudEvent;
        try {
            cloudEvent = KafkaMessageFactory.createReader(headers, value).toEvent();
        } catch (CloudEventRWException | IllegalArgumentException | IllegalStateException e) {
            return new Decoded.Unreadable(null, null, "the record is no CloudEvent: " + e.getMessage());
        }
        var data = cloudEvent.getData();
        if (data == null) {
            return unreadable(cloudEvent, "the event has no data");
        }
        var bytes = data.toBytes();
        if (bytes.length > MAX_DATA) {
            return unreadable(cloudEvent, "the data has " + bytes.length + " bytes; at most " + MAX_DATA + " are read");
        }
        var versioned = MessageType.parse(cloudEvent.getType());
        if (versioned.isEmpty()) {
            return unreadable(cloudEvent, "the type \"" + cloudEvent.getType() + "\" is none of Atelier's");
        }
        var type = versioned.get().type();
        if (versioned.get().major() > type.major()) {
            return new Decoded.Newer(cloudEvent.getType(), cloudEvent.getId(), String.valueOf(cloudEvent.getSource()));
        }
        try {
            var newer = type == MessageType.ATTEMPT_READY ? newerRequest(cloudEvent, bytes) : null;
            return newer == null
                    ? new Decoded.Understood(event(cloudEvent, message(type, key, cloudEvent, bytes)))
                    : newer;
        } catch (JsonProcessingException e) {
            return unreadable(cloudEvent, "the data is no " + cloudEvent.getType() + ": " + e.getOriginalMessage());
        } catch (IOException | IllegalArgumentException | NullPointerException e) {
            return unreadable(cloudEvent, "the data is no " + cloudEvent.getType() + ": " + e.getMessage());
        }
    }

    private static Message message(MessageType type, @Nullable String key, CloudEvent cloudEvent, byte[] data)
            throws IOException {
        if (type == MessageType.JOB_REQUESTED) {
            // Strict: what an upstream service sends must not be half understood.
            return new Message.JobRequested(key == null ? cloudEvent.getId() : key, Json.strict().readTree(data));
        }
        Message message = Json.mapper().readValue(data, type.messageClass());
        if (message == null) {
            // JSON's null is well formed; a reader that met it here would take the record for its own defect and try again.
            throw new IllegalArgumentException("it is null");
        }
        return message;
    }

    /**
     * What a ready attempt asks for is read strictly, unlike all else that another version wrote: a worker that passed over
     * a field which it does not know would compute something else than was asked for. A dispatcher has checked it, so what
     * is wrong with it can only be new.
     */
    private static Decoded.@Nullable Newer newerRequest(CloudEvent cloudEvent, byte[] data) throws IOException {
        var ready = Json.mapper().readTree(data);
        var request = ready.path("submission").path("request");
        if (!request.isObject() || !ready.hasNonNull("attempt")) {
            return null;
        }
        try {
            Json.strict().treeToValue(request, JobRequest.class);
            return null;
        } catch (JsonProcessingException e) {
            return new Decoded.Newer(cloudEvent.getType(), cloudEvent.getId(), String.valueOf(cloudEvent.getSource()),
                    Json.mapper().treeToValue(ready.get("attempt"), AttemptId.class), e.getOriginalMessage());
        }
    }

    private static Event event(CloudEvent cloudEvent, Message message) {
        var time = cloudEvent.getTime();
        return new Event(cloudEvent.getId(), cloudEvent.getSource(), time == null ? Instant.EPOCH : time.toInstant(),
                cloudEvent.getSubject(), message, trace(cloudEvent));
    }

    private static @Nullable TraceContext trace(CloudEvent cloudEvent) {
        return TraceContext.parse(extension(cloudEvent, TraceContext.TRACEPARENT), extension(cloudEvent,
                TraceContext.TRACESTATE)).orElse(null);
    }

    private static @Nullable String extension(CloudEvent cloudEvent, String name) {
        var value = cloudEvent.getExtension(name);
        return value == null ? null : value.toString();
    }

    private static Decoded unreadable(CloudEvent cloudEvent, String reason) {
        return new Decoded.Unreadable(cloudEvent.getId(), String.valueOf(cloudEvent.getSource()), reason);
    }

    /** The source attribute of a process of Atelier: {@code /atelier/<role>/<name>}. */
    public static URI source(String role, String name) {
        return URI.create("/atelier/" + role + "/" + name);
    }
}
