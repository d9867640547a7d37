package org.atelier.worker.job.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.event.Message;
import org.atelier.common.event.RecordingPublisher.Published;
import org.atelier.common.trace.TraceContext;
import org.atelier.common.trace.otel.Tracing;
import org.atelier.worker.job.runner.Runners;
import org.atelier.worker.job.world.ChainRunner;
import org.atelier.worker.job.world.Fleet;
import org.atelier.worker.job.world.Node;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of an attempt is seen in traces. */
class AttemptSpansTest {
    private static final TraceContext SUBMISSION = new TraceContext(
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "shop=cart");
    private static final String ATTEMPT = "attempt optimize";

    @TempDir
    private Path scratch;

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder().setTracerProvider(SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(exporter)).build()).build();
    private final AttemptSpans spans = new AttemptSpans(Tracing.of(sdk), "edit", "cpu()");

    private Fleet fleet;

    @BeforeEach
    void open() {
        fleet = new Fleet(scratch);
    }

    @AfterEach
    void close() {
        sdk.close();
    }

    private void run(AttemptSpans traced, IntConsumer onStep, @Nullable TraceContext submission) {
        var self = new Node[1];
        self[0] = new Node(fleet, "worker", Runners.of(List.of(new ChainRunner().onStep(step -> {
            onStep.accept(step);
            self[0].step();
        }))), traced);
        fleet.feed(submission);
        self[0].turnUntilQuiet();
    }

    private static void fail(int step) {
        if (step == 4) {
            throw new JobException(ErrorCategory.DIVERGED, "NaN in step 4");
        }
    }

    private List<SpanData> all(String name) {
        return exporter.getFinishedSpanItems().stream().filter(span -> span.getName().equals(name)).toList();
    }

    private SpanData one(String name) {
        assertThat(all(name)).hasSize(1);
        return all(name).getFirst();
    }

    private static Map<String, Object> attributes(SpanData span) {
        return span.getAttributes().asMap().entrySet().stream().collect(Collectors.toMap(
                entry -> ((AttributeKey<?>) entry.getKey()).getKey(), Map.Entry::getValue));
    }

    @Test
    void anAttemptIsATraceOfItsOwnThatLinksToItsSubmission() {
        run(spans, step -> {}, SUBMISSION);

        var attempt = one(ATTEMPT);
        assertThat(attempt.getParentSpanContext().isValid()).isFalse();
        assertThat(attempt.getTraceId()).isNotEqualTo(SUBMISSION.traceId());
        assertThat(attempt.getKind()).isEqualTo(SpanKind.CONSUMER);
        assertThat(attempt.getLinks()).singleElement().satisfies(link -> {
            assertThat(link.getSpanContext().getTraceId()).isEqualTo(SUBMISSION.traceId());
            assertThat(link.getSpanContext().getSpanId()).isEqualTo(SUBMISSION.spanId());
        });
        assertThat(attributes(attempt)).isEqualTo(Map.ofEntries(
                Map.entry("atelier.job.id", Fleet.RUN.job().value()), Map.entry("atelier.run", 1L),
                Map.entry("atelier.attempt", 1L), Map.entry("atelier.job.type", "optimize"),
                Map.entry("atelier.bundle", "faces@1"), Map.entry("atelier.tenant", "tenant"),
                Map.entry("atelier.pool", "edit"), Map.entry("atelier.device", "cpu()"),
                Map.entry("atelier.worker", "worker"), Map.entry("atelier.slot", "worker"),
                Map.entry("atelier.resumed_from", 0L), Map.entry("atelier.outcome", "succeeded")));
        assertThat(attempt.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    }

    @Test
    void itsPhasesAreWithinIt() {
        run(spans, step -> {}, SUBMISSION);

        var attempt = one(ATTEMPT);
        var compute = one("compute");
        assertThat(List.of(one("load state"), one("wait for device"), compute, one("commit"))).extracting(
                SpanData::getParentSpanId).containsOnly(attempt.getSpanId());
        assertThat(one("store").getParentSpanId()).as("while it computed").isEqualTo(compute.getSpanId());
        assertThat(attributes(one("store"))).isEqualTo(Map.of("atelier.artifact", ChainRunner.RESULT));
        assertThat(all("checkpoint")).isNotEmpty().allSatisfy(checkpoint -> {
            assertThat(checkpoint.getParentSpanId()).isEqualTo(compute.getSpanId());
            assertThat(attributes(checkpoint)).containsOnlyKeys("atelier.step");
        });
        assertThat(exporter.getFinishedSpanItems()).extracting(SpanData::getTraceId).containsOnly(attempt.getTraceId());
    }

    @Test
    void whatIsToldGoesOnFromTheAttempt() {
        run(spans, step -> {}, SUBMISSION);

        var attempt = one(ATTEMPT);
        assertThat(fleet.manifest().trace()).isNotNull().extracting(TraceContext::spanId).isEqualTo(attempt
                .getSpanId());
        assertThat(fleet.events().published()).filteredOn(told -> told.message() instanceof Message.AttemptStarted
                || told
                        .message() instanceof Message.AttemptProgressed).isNotEmpty().extracting(Published::trace)
                .containsOnly(
                        fleet.manifest().trace());
    }

    @Test
    void aFailureSaysWhyAndTheNextAttemptLinksToTheSameSubmission() {
        run(spans, AttemptSpansTest::fail, SUBMISSION);
        run(spans, step -> {}, SUBMISSION);

        assertThat(all(ATTEMPT)).hasSize(2);
        var failed = all(ATTEMPT).getFirst();
        assertThat(failed.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(failed.getStatus().getDescription()).isEqualTo("NaN in step 4");
        assertThat(attributes(failed)).containsEntry("atelier.outcome", "failed").containsEntry("error.type",
                "DIVERGED");
        assertThat(all("compute").getFirst().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        var second = all(ATTEMPT).getLast();
        assertThat(attributes(second)).containsEntry("atelier.attempt", 2L).containsEntry("atelier.outcome",
                "succeeded");
        assertThat(second.getTraceId()).isNotEqualTo(failed.getTraceId());
        assertThat(second.getLinks()).extracting(link -> link.getSpanContext().getSpanId()).containsExactly(SUBMISSION
                .spanId());
        assertThat(fleet.events().published()).filteredOn(told -> told.message() instanceof Message.AttemptFailed)
                .singleElement().satisfies(told -> assertThat(told.trace()).isNotNull().extracting(TraceContext::spanId)
                        .isEqualTo(failed.getSpanId()));
    }

    @Test
    void whereTheWorkerTracesNothingTheSubmissionIsPassedOn() {
        run(AttemptSpans.OFF, step -> {}, SUBMISSION);

        assertThat(exporter.getFinishedSpanItems()).isEmpty();
        assertThat(fleet.manifest().trace()).isEqualTo(SUBMISSION);
    }

    @Test
    void whereNobodyTracesThereIsNothing() {
        run(AttemptSpans.OFF, step -> {}, null);

        assertThat(fleet.manifest().trace()).isNull();
    }

    @Test
    void aSubmissionThatNobodyTracedIsNotLinkedTo() {
        run(spans, step -> {}, null);

        assertThat(one(ATTEMPT).getLinks()).isEmpty();
    }
}
