package org.atelier.common.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobFailure;
import org.atelier.common.event.Event;
import org.atelier.common.event.Message;
import org.atelier.common.event.MessageType;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.GenerateRequest;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobSubmission;
import org.atelier.common.job.JobType;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.RunId;
import org.atelier.common.job.Source;
import org.atelier.common.json.Json;
import org.atelier.common.kafka.EventCodec.Decoded;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.request.Violation;
import org.atelier.common.trace.TraceContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class EventCodecTest {
    private static final RunId RUN = RunId.first(new JobId("job-1"));
    private static final AttemptId ATTEMPT = new AttemptId(RUN, 2);
    private static final URI SOURCE = EventCodec.source("worker", "w1");
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

    static Stream<Message> messages() {
        var picture = new Artifact("p.png", Digest.of(new byte[]{1}), 1, Artifact.PNG);
        return Stream.of(
                new Message.JobRequested("job-1", Json.tree(Map.of("request", Map.of("type", "generate")))),
                new Message.RunQueued(RUN),
                new Message.AttemptReady(ATTEMPT, "default",
                        JobSubmission.of(GenerateRequest.of("avatar-128", List.of(new Source.Seed(7)))),
                        "avatar-128@3"),
                new Message.AttemptStarted(ATTEMPT, "w1", "host", 40),
                new Message.AttemptProgressed(ATTEMPT, 3,
                        new Message.Progress(10, 100, Map.of("clip", 0.7), 12.5, List.of(picture))),
                new Message.AttemptDeferred(ATTEMPT, "w1", "no memory"),
                new Message.AttemptFailed(ATTEMPT, "w1", JobFailure.of(ErrorCategory.DIVERGED, "NaN"), Map.of("run",
                        1.0)),
                new Message.CancelRequested(RUN, "anna"),
                new Message.RunEnded(new Manifest(RUN, "default", JobType.GENERATE, "avatar-128@3", Outcome.SUCCEEDED,
                        2, "t",
                        Map.of("a", "b"), List.of(picture), Json.tree(Map.of("x", 1)), null, Map.of(), Map.of(), NOW)),
                new Message.JobErased(RUN.job(), "erasure-1"),
                new Message.RequestRefused("/shop", "17", List.of(new Violation("/request", "is missing"))),
                new Message.WorkerAlive("w1", "host", "edit", 1, Set.of(JobType.GENERATE), List.of(ATTEMPT)),
                new Message.WorkerLeft("w1"),
                new Message.ActionAudited("anna", "default", "job.cancel", "job-1", Map.of("run", "1")));
    }

    @Test
    void theSamplesCoverEveryMessage() {
        assertThat(messages().map(MessageType::of)).containsExactlyInAnyOrder(MessageType.values());
    }

    @ParameterizedTest
    @MethodSource("messages")
    void readsWhatItWrites(Message message) {
        var event = Event.of(message, SOURCE, NOW);
        var encoded = EventCodec.encode(event);

        assertThat(EventCodec.decode(message.key(), encoded.headers(), encoded.value()))
                .isEqualTo(new Decoded.Understood(event));
    }

    @Test
    void writesCloudEventsInBinaryMode() {
        var encoded = EventCodec.encode(Event.of(new Message.RunQueued(RUN), SOURCE, NOW));

        assertThat(header(encoded.headers(), "ce_specversion")).isEqualTo("1.0");
        assertThat(header(encoded.headers(), "ce_type")).isEqualTo("org.atelier.run.queued.v1");
        assertThat(header(encoded.headers(), "ce_source")).isEqualTo("/atelier/worker/w1");
        assertThat(header(encoded.headers(), "ce_subject")).isEqualTo("job-1");
        assertThat(header(encoded.headers(), "ce_time")).isEqualTo("2026-01-02T03:04:05.678Z");
        assertThat(header(encoded.headers(), "content-type")).isEqualTo("application/json");
        assertThat(new String(encoded.value(), UTF_8)).isEqualTo("{\"run\":\"job-1/1\"}");
    }

    @Test
    void aSpanTravelsAsTheDistributedTracingExtension() {
        var trace = TraceContext.parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "shop=cart")
                .orElseThrow();
        var event = Event.of(new Message.RunQueued(RUN), SOURCE, NOW, trace);
        var encoded = EventCodec.encode(event);

        assertThat(header(encoded.headers(), "ce_traceparent")).isEqualTo(
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        assertThat(header(encoded.headers(), "ce_tracestate")).isEqualTo("shop=cart");
        assertThat(EventCodec.decode("job-1", encoded.headers(), encoded.value())).isEqualTo(new Decoded.Understood(
                event));
    }

    @Test
    void aMalformedSpanIsAsGoodAsNone() {
        var event = Event.of(new Message.RunQueued(RUN), SOURCE, NOW);
        var encoded = EventCodec.encode(event);
        encoded.headers().add("ce_traceparent", "00-nonsense".getBytes(UTF_8));

        assertThat(EventCodec.decode("job-1", encoded.headers(), encoded.value())).isEqualTo(new Decoded.Understood(
                event));
    }

    @Test
    void aResultBelongsToTheSpanThatItsManifestNames() {
        var trace = TraceContext.of("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true).orElseThrow();
        var teller = TraceContext.of("4bf92f3577b34da6a3ce929d0e0e4736", "0000000000000001", true).orElseThrow();
        var ended = new Message.RunEnded(new Manifest(RUN, "default", JobType.GENERATE, "avatar-128@3",
                Outcome.CANCELLED,
                1, "token", Map.of(), List.of(), null, null, Map.of(), Map.of(), NOW, null, trace));

        assertThat(Event.of(ended, SOURCE, NOW, teller).trace()).as("whoever tells it again").isEqualTo(trace);
    }

    @Test
    void aResultEventHasTheSameIdEveryTime() {
        var ended = messages().filter(Message.RunEnded.class::isInstance).findFirst().orElseThrow();

        assertThat(Event.of(ended, SOURCE, NOW).id()).isEqualTo("job-1/1");
        assertThat(Event.of(new Message.RunQueued(RUN), SOURCE, NOW).id())
                .isNotEqualTo(Event.of(new Message.RunQueued(RUN), SOURCE, NOW).id());
    }

    @Test
    void ignoresFieldsThatALaterMinorVersionAdded() {
        assertThat(decode("org.atelier.run.queued.v1", "{\"run\":\"job-1/1\",\"colour\":\"red\"}"))
                .isInstanceOfSatisfying(Decoded.Understood.class,
                        understood -> assertThat(understood.event().message()).isEqualTo(new Message.RunQueued(RUN)));
    }

    /** Else a worker that does not know a field would compute something that nobody asked for. */
    @ParameterizedTest
    @CsvSource({"sharpness", "mode", "type"})
    void aReadyAttemptWhoseRequestHasSomethingUnknownIsLeftToOthers(String field) {
        assertThat(ready(Map.of(), Map.of(field, "magic"))).isInstanceOfSatisfying(Decoded.Newer.class, newer -> {
            assertThat(newer.attempt()).isEqualTo(ATTEMPT);
            assertThat(newer.what()).contains(field.equals("sharpness") ? field : "magic");
        });
    }

    @Test
    void whatIsNewAroundItsRequestIsPassedOver() {
        assertThat(ready(Map.of("novelty", "x"), Map.of())).isInstanceOf(Decoded.Understood.class);
    }

    private static Decoded ready(Map<String, String> around, Map<String, String> inRequest) {
        var message = (ObjectNode) Json.tree(new Message.AttemptReady(ATTEMPT, "default", JobSubmission.of(
                OptimizeRequest.of("avatar-128", new Source.Seed(1), "a smile")), "avatar-128@3"));
        around.forEach(message::put);
        var submission = (ObjectNode) message.get("submission");
        around.forEach(submission::put);
        inRequest.forEach(((ObjectNode) submission.get("request"))::put);
        return decode("org.atelier.attempt.ready.v1", message.toString());
    }

    @Test
    void leavesALaterMajorVersionToOthers() {
        assertThat(decode("org.atelier.attempt.ready.v2", "{}")).isEqualTo(new Decoded.Newer(
                "org.atelier.attempt.ready.v2", "17", "/shop"));
    }

    @Test
    void aKeyWithoutAValueIsToBeForgotten() {
        assertThat(EventCodec.decode("job-1", new RecordHeaders(), null)).isEqualTo(new Decoded.Retracted("job-1"));
    }

    @Test
    void whatCannotBeReadSaysWhy() {
        assertThat(EventCodec.decode(null, new RecordHeaders(), null)).isInstanceOf(Decoded.Unreadable.class);
        assertThat(EventCodec.decode("k", new RecordHeaders(), "hello".getBytes(UTF_8)))
                .isInstanceOf(Decoded.Unreadable.class);
        assertThat(unreadable(decode("com.example.order", "{}")).reason()).contains("none of Atelier's");
        assertThat(unreadable(decode("org.atelier.run.queued.v1", "{\"run\":")).reason()).contains(
                "is no org.atelier.run.queued.v1");
        assertThat(unreadable(decode("org.atelier.attempt.ready.v1", "null")).reason()).contains("it is null");
        assertThat(unreadable(decode("org.atelier.run.queued.v1", "{\"run\":\"../1\"}")).reason()).contains(
                "a job id has");
        assertThat(unreadable(decode("org.atelier.job.requested.v1", "{\"a\":1,\"a\":2}")).reason()).contains(
                "Duplicate");
        assertThat(unreadable(decode("org.atelier.run.queued.v1", "\"" + "x".repeat(EventCodec.MAX_DATA) + "\""))
                .reason())
                .contains("at most 65536");
    }

    @Test
    void anUnreadableEventStillSaysWhoSentIt() {
        assertThat(unreadable(decode("com.example.order", "{}"))).satisfies(unreadable -> {
            assertThat(unreadable.id()).isEqualTo("17");
            assertThat(unreadable.source()).isEqualTo("/shop");
        });
    }

    @Test
    void garbageNeverThrows() {
        var random = new Random(1);
        var valid = EventCodec.encode(Event.of(new Message.RunQueued(RUN), SOURCE, NOW));
        for (int i = 0; i < 2_000; i++) {
            var headers = new RecordHeaders();
            Arrays.stream(valid.headers().toArray()).forEach(header -> {
                var value = header.value().clone();
                if (random.nextInt(4) == 0 && value.length > 0) {
                    value[random.nextInt(value.length)] = (byte) random.nextInt();
                }
                if (random.nextInt(8) != 0) {
                    headers.add(header.key(), value);
                }
            });
            var value = valid.value().clone();
            value[random.nextInt(value.length)] = (byte) random.nextInt();

            assertThat(EventCodec.decode("k", headers, value)).isNotNull();
        }
    }

    @Test
    void whatIsTooLargeForARecordIsNotWritten() {
        var large = new Message.AttemptDeferred(ATTEMPT, "w1", "x".repeat(EventCodec.MAX_DATA));

        assertThatThrownBy(() -> EventCodec.encode(Event.of(large, SOURCE, NOW))).hasMessageContaining(
                "at most 65536 bytes");
    }

    private static Decoded decode(String type, String data) {
        var headers = new RecordHeaders()
                .add("ce_specversion", "1.0".getBytes(UTF_8))
                .add("ce_id", "17".getBytes(UTF_8))
                .add("ce_source", "/shop".getBytes(UTF_8))
                .add("ce_type", type.getBytes(UTF_8))
                .add("content-type", "application/json".getBytes(UTF_8));
        return EventCodec.decode("k", headers, data.getBytes(UTF_8));
    }

    private static Decoded.Unreadable unreadable(Decoded decoded) {
        assertThat(decoded).isInstanceOf(Decoded.Unreadable.class);
        return (Decoded.Unreadable) decoded;
    }

    private static String header(Headers headers, String key) {
        return new String(headers.lastHeader(key).value(), UTF_8);
    }
}
