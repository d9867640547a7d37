package org.atelier.dispatcher.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.atelier.common.config.Configuration;
import org.atelier.common.event.Event;
import org.atelier.common.event.Message;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.common.json.Json;
import org.atelier.common.kafka.EventCodec.Decoded;
import org.atelier.common.kafka.Topics;
import org.atelier.common.ledger.Manifest;
import org.atelier.common.ledger.Outcome;
import org.atelier.common.request.RequestValidator;
import org.atelier.common.request.SubmissionReader;
import org.atelier.common.trace.TraceContext;
import org.atelier.common.trace.otel.Tracing;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.access.Role;
import org.atelier.dispatcher.ingest.RequestIngest;
import org.atelier.dispatcher.intake.Admission;
import org.atelier.dispatcher.intake.Cancellation;
import org.atelier.dispatcher.intake.Intake;
import org.atelier.dispatcher.replay.ReplayRequest;
import org.atelier.dispatcher.schedule.Bell;
import org.atelier.dispatcher.support.Fleet;
import org.atelier.dispatcher.support.Intakes;
import org.atelier.dispatcher.support.Loop;
import org.atelier.dispatcher.support.Receiver;
import org.atelier.dispatcher.topic.Received;
import org.atelier.dispatcher.watch.JobWatch;
import org.atelier.dispatcher.webhook.Courier;
import org.atelier.dispatcher.webhook.Deliverer;
import org.atelier.dispatcher.webhook.Destinations;
import org.atelier.dispatcher.webhook.Director;
import org.atelier.dispatcher.webhook.WebhookSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of a job's way through the dispatcher is seen in traces. */
class SpansTest {
    private static final Principal ANN = new Principal("default", "ann", Role.OPERATE);
    private static final JobId JOB = new JobId("job-1");
    private static final TraceContext CALLER = new TraceContext(
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "shop=cart");

    @TempDir
    private Path folder;

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder().setTracerProvider(SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(exporter)).build()).build();

    private Fleet fleet;
    private Intake intake;

    @BeforeEach
    void open() {
        fleet = new Fleet(folder, new Spans(Tracing.of(sdk)));
        intake = Intakes.over(fleet);
    }

    @AfterEach
    void close() {
        fleet.close();
        sdk.close();
    }

    private List<SpanData> spans(String name) {
        return exporter.getFinishedSpanItems().stream().filter(span -> span.getName().equals(name)).toList();
    }

    private SpanData span(String name) {
        assertThat(spans(name)).hasSize(1);
        return spans(name).getFirst();
    }

    private static Map<String, Object> attributes(SpanData span) {
        return Map.copyOf(span.getAttributes().asMap().entrySet().stream().collect(Collectors.toMap(
                entry -> ((AttributeKey<?>) entry.getKey()).getKey(), Map.Entry::getValue)));
    }

    private TraceContext stored(JobId job) {
        var trace = fleet.ledger.request(job).orElseThrow().trace();
        assertThat(trace).isNotNull();
        return trace;
    }

    private static void isOf(SpanData span, TraceContext parent) {
        assertThat(span.getTraceId()).isEqualTo(parent.traceId());
        assertThat(span.getParentSpanId()).isEqualTo(parent.spanId());
    }

    private void take(@Nullable TraceContext caller) {
        var event = new Event("e1", URI.create("/service/shop"), fleet.time.instant(), JOB.value(),
                new Message.JobRequested(JOB.value(), Intakes.json(Intakes.GENERATE)), caller);
        new RequestIngest(intake, fleet.book, fleet.events, Fleet.SETTINGS.pools(), fleet.metrics, new Bell(),
                Runnable::run).handle(List.of(new Received(Topics.REQUESTS, 0, 0, new Decoded.Understood(event))));
    }

    @Test
    void aSubmissionOverHttpGoesOnWithTheCallersTraceAndIsStoredWithTheJob() {
        intake.submit(ANN, JOB, Intakes.json(Intakes.GENERATE), CALLER);

        var span = span("submit");
        isOf(span, CALLER);
        assertThat(span.getKind()).isEqualTo(SpanKind.SERVER);
        assertThat(attributes(span)).isEqualTo(Map.of("atelier.channel", "http", "atelier.job.id", "job-1",
                "atelier.tenant", "default", "atelier.outcome", "accepted", "atelier.bundle", "avatar-128@3",
                "atelier.job.type", "generate"));
        assertThat(stored(JOB).spanId()).isEqualTo(span.getSpanId());
        assertThat(stored(JOB).tracestate()).isEqualTo("shop=cart");
        assertThat(fleet.events.published()).extracting(published -> published.trace()).containsOnly(stored(JOB));
    }

    @Test
    void aRecordOfWhatCameOverHttpIsNoSecondSubmission() {
        intake.submit(ANN, JOB, Intakes.json(Intakes.GENERATE), null);
        take(stored(JOB));

        assertThat(span("submit").getParentSpanContext().isValid()).as("nobody called").isFalse();
    }

    @Test
    void aSubmissionAsARecordGoesOnWithItsProducersTrace() {
        take(CALLER);

        isOf(span("submit"), CALLER);
        assertThat(span("submit").getKind()).isEqualTo(SpanKind.CONSUMER);
        assertThat(stored(JOB).traceId()).isEqualTo(CALLER.traceId());
    }

    @Test
    void aRefusalIsSeenToo() {
        intake.submit(ANN, JOB, Intakes.json("{}"), null);

        assertThat(attributes(span("submit"))).containsEntry("atelier.outcome", "refused");
    }

    @Test
    void whereNothingIsTracedTheCallersSpanIsStored() {
        var untraced = new Intake(new SubmissionReader(),
                new RequestValidator(), Intakes.bundles(fleet), Fleet.SETTINGS.pools(),
                fleet.ledger, fleet.events, fleet.time, tenant -> Optional.empty(), (job, card) -> List.of(),
                Spans.OFF);

        untraced.submit(ANN, JOB, Intakes.json(Intakes.GENERATE), CALLER);
        var silent = (Admission.Accepted) untraced.submit(ANN, new JobId("job-2"), Intakes.json(Intakes.GENERATE),
                null);

        assertThat(stored(JOB)).isEqualTo(CALLER);
        assertThat(silent.request().trace()).isNull();
    }

    @Test
    void anAttemptIsFedInTheSubmissionsTraceAlsoWhenItIsFedAgain() {
        intake.submit(ANN, JOB, Intakes.json(Intakes.GENERATE), CALLER);
        take(stored(JOB));
        fleet.step();

        isOf(span("feed"), stored(JOB));
        assertThat(span("feed").getKind()).isEqualTo(SpanKind.PRODUCER);
        assertThat(attributes(span("feed"))).isEqualTo(Map.of("atelier.job.id", "job-1", "atelier.run", 1L,
                "atelier.attempt", 1L, "atelier.pool", "edit", "atelier.job.type", "generate", "atelier.tenant",
                "default"));
        assertThat(fleet.ready.records()).extracting(fed -> fed.trace()).containsExactly(stored(JOB));
    }

    @Test
    void anEndByTheDispatcherIsInTheSubmissionsTraceAndItsResultGoesOnFromThere() {
        intake.submit(ANN, JOB, Intakes.json(Intakes.GENERATE), CALLER);
        take(stored(JOB));
        new Cancellation(fleet.ledger, fleet.events, fleet.time).request(ANN, RunId.first(JOB));
        fleet.hear(new Message.CancelRequested(RunId.first(JOB), "ann"));
        fleet.step();

        isOf(span("end"), stored(JOB));
        assertThat(attributes(span("end"))).containsEntry("atelier.outcome", "cancelled");
        var trace = fleet.ledger.manifest(RunId.first(JOB)).orElseThrow().trace();
        assertThat(trace).isNotNull();
        assertThat(trace.spanId()).isEqualTo(span("end").getSpanId());
    }

    @Test
    void aReplayWithOtherParametersLinksToWhatItReplays() {
        intake.submit(ANN, JOB, Intakes.json(Intakes.GENERATE), CALLER);
        take(stored(JOB));
        fleet.hear(new Message.RunEnded(manifest(null)));
        exporter.reset();
        fleet.replays().submit(ANN, new ReplayRequest("replay-1", List.of(JOB), null, Map.of("priority", Json.tree(3)),
                false, 10));
        fleet.step();

        var span = span("submit");
        assertThat(span.getTraceId()).isNotEqualTo(CALLER.traceId());
        assertThat(span.getLinks()).singleElement().satisfies(link -> assertThat(link.getSpanContext().getSpanId())
                .isEqualTo(stored(JOB).spanId()));
    }

    private Manifest manifest(@Nullable TraceContext trace) {
        return new Manifest(RunId.first(JOB), "default", JobType.GENERATE, "avatar-128@3", Outcome.SUCCEEDED, 1,
                "token",
                Map.of(), List.of(), null, null, Map.of(), Map.of(), fleet.time.instant(), null, trace);
    }

    @Test
    void aWebhookGoesOnFromTheAttempt() throws Exception {
        var settings = WebhookSettings.of(Configuration.read(WebhookSettings.LIST, Map.of("ATELIER_WEBHOOK_HTTP",
                "true",
                "ATELIER_WEBHOOK_NETWORKS", "127.0.0.1")));
        try (var receiver = new Receiver();
                var courier = new Courier(settings, new Destinations(settings, Receiver::resolve), fleet.time);
                var deliverer = new Deliverer(fleet.deliveries, fleet.webhooks, courier, settings.retries(),
                        fleet.metrics,
                        new Bell(), fleet.time, fleet.spans())) {
            fleet.time.pass(Duration.ofHours(1));
            receiver.answers(told -> new Receiver.Reply(503, Map.of()));
            fleet.webhooks.create(ANN, receiver.url(), "", Set.of("run.ended"), false);
            fleet.accept("job-1");
            var loop = new Loop(fleet, intake, new JobWatch());
            fleet.events.publishAndWait(Topics.RESULTS, new Message.RunEnded(manifest(CALLER)));
            loop.read();
            fleet.time.pass(Duration.ofSeconds(1));
            new Director(fleet.deliveries, fleet.webhooks, fleet.ledger, fleet.time, fleet.time).step();
            deliverer.step();
            await().until(() -> !spans("deliver").isEmpty());

            var span = span("deliver");
            isOf(span, CALLER);
            assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(attributes(span)).containsEntry("http.response.status_code", 503L).containsEntry("error.type",
                    "503")
                    .containsEntry("atelier.job.id", "job-1").containsEntry("cloudevents.event_id", "job-1/1");
            var told = receiver.told().getFirst();
            assertThat(told.header("traceparent")).isEqualTo("00-" + CALLER.traceId() + "-" + span.getSpanId() + "-01");
            assertThat(told.event().path("traceparent").asText()).isEqualTo(CALLER.traceparent());
            assertThat(told.event().path("tracestate").asText()).isEqualTo("shop=cart");
        }
    }
}
