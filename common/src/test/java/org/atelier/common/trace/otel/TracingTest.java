package org.atelier.common.trace.otel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import org.atelier.common.config.Configuration;
import org.atelier.common.config.InvalidSettingException;
import org.atelier.common.trace.TraceContext;
import org.junit.jupiter.api.Test;

class TracingTest {
    private static final TraceContext CALLER = new TraceContext(
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "shop=cart");
    private static final String TRACE_ID = "af92f3577b34da6a3ce929d0e0e47360";

    private static TracingSettings settings(Map<String, String> environment) {
        return TracingSettings.of(Configuration.read(TracingSettings.LIST, environment));
    }

    @Test
    void nothingIsTracedWhereNobodyTakesIt() {
        assertThat(settings(Map.of())).isEqualTo(TracingSettings.OFF);
        assertThat(settings(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318", "OTEL_SDK_DISABLED", "true")))
                .isEqualTo(TracingSettings.OFF);
        assertThat(Tracing.start(TracingSettings.OFF, "s", "i")).isSameAs(Tracing.OFF);
    }

    @Test
    void whereTracesAreOffTheCallersGoesThrough() {
        var span = Tracing.OFF.span("submit").setParent(Tracing.parent(CALLER)).startSpan();

        assertThat(span.isRecording()).isFalse();
        assertThat(Tracing.context(span)).contains(CALLER);
        assertThat(Tracing.context(Tracing.OFF.span("submit").startSpan())).isEmpty();
    }

    @Test
    void settingsHaveTheNamesThatOpenTelemetryGivesThem() {
        var environment = new HashMap<String, String>();
        environment.put("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://c:4318/v1/traces");
        environment.put("OTEL_EXPORTER_OTLP_HEADERS", "key=hunter2");
        environment.put("OTEL_SERVICE_NAME", "faces");
        environment.put("OTEL_RESOURCE_ATTRIBUTES", "zone=a");
        environment.put("OTEL_TRACES_SAMPLER", "parentbased_traceidratio");
        environment.put("OTEL_TRACES_SAMPLER_ARG", "0.1");

        assertThat(settings(environment).properties()).containsExactlyInAnyOrderEntriesOf(Map.of(
                "otel.exporter.otlp.traces.endpoint", "http://c:4318/v1/traces",
                "otel.exporter.otlp.headers", "key=hunter2",
                "otel.exporter.otlp.protocol", "http/protobuf",
                "otel.service.name", "faces",
                "otel.resource.attributes", "zone=a",
                "otel.traces.sampler", "parentbased_traceidratio",
                "otel.traces.sampler.arg", "0.1",
                "otel.sdk.disabled", "false"));
        assertThat(settings(environment).toString()).contains("http://c:4318").doesNotContain("hunter2");
    }

    @Test
    void whatCannotBeDoneIsRefusedAtStart() {
        assertThatThrownBy(() -> settings(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317",
                "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "OTEL_TRACES_SAMPLER", "some", "OTEL_TRACES_SAMPLER_ARG", "2",
                "OTEL_EXPORTER_OTLP_HEADERS", "key hunter2", "OTEL_RESOURCE_ATTRIBUTES", "zone=a,b")))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("OTEL_EXPORTER_OTLP_ENDPOINT is no http://")
                .hasMessageContaining("usually to port 4318, not 4317")
                .hasMessageContaining("parentbased_")
                .hasMessageContaining("a share from 0 to 1")
                .hasMessageContaining("OTEL_EXPORTER_OTLP_HEADERS must be name=value")
                .hasMessageContaining("OTEL_RESOURCE_ATTRIBUTES must be name=value")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void aSpanGoesOnFromOneThatCameFromElsewhere() {
        var exporter = InMemorySpanExporter.create();
        try (var sdk = OpenTelemetrySdk.builder().setTracerProvider(SdkTracerProvider.builder().addSpanProcessor(
                SimpleSpanProcessor.create(exporter)).build()).build()) {
            var tracing = Tracing.of(sdk);
            var child = tracing.span("submit").setParent(Tracing.parent(CALLER)).startSpan();
            var linked = tracing.span("attempt").addLink(Tracing.link(CALLER)).startSpan();
            child.end();
            linked.end();

            var context = Tracing.context(child).orElseThrow();
            assertThat(context.traceId()).isEqualTo(CALLER.traceId());
            assertThat(context.tracestate()).isEqualTo("shop=cart");
            assertThat(exporter.getFinishedSpanItems()).satisfiesExactly(
                    span -> assertThat(span.getParentSpanId()).isEqualTo(CALLER.spanId()),
                    span -> {
                        assertThat(span.getParentSpanContext().isValid()).isFalse();
                        assertThat(span.getTraceId()).isNotEqualTo(CALLER.traceId());
                        assertThat(span.getLinks()).singleElement().satisfies(link -> assertThat(link.getSpanContext()
                                .getSpanId()).isEqualTo(CALLER.spanId()));
                    });
        }
    }

    private static SamplingDecision decision(Sampler sampler, Context parent, LinkData... links) {
        return sampler.shouldSample(parent, TRACE_ID, "attempt", SpanKind.CONSUMER, Attributes.empty(), List.of(links))
                .getDecision();
    }

    @Test
    void anAttemptIsKeptWhereItsSubmissionIs() {
        var none = LinkSampler.around(Sampler.parentBased(Sampler.alwaysOff()));
        var all = LinkSampler.around(Sampler.parentBased(Sampler.alwaysOn()));
        var kept = LinkData.create(Tracing.link(CALLER));
        var dropped = LinkData.create(Tracing.link(TraceContext.of(CALLER.traceId(), CALLER.spanId(), false)
                .orElseThrow()));

        assertThat(decision(none, Context.root(), kept)).isEqualTo(SamplingDecision.RECORD_AND_SAMPLE);
        assertThat(decision(all, Context.root(), dropped)).isEqualTo(SamplingDecision.DROP);
        assertThat(decision(all, Context.root())).isEqualTo(SamplingDecision.RECORD_AND_SAMPLE);
        assertThat(decision(none, Tracing.parent(CALLER), dropped)).as("a child").isEqualTo(
                SamplingDecision.RECORD_AND_SAMPLE);
        assertThat(decision(LinkSampler.around(Sampler.alwaysOn()), Context.root(), dropped)).as("told to keep all")
                .isEqualTo(SamplingDecision.RECORD_AND_SAMPLE);
    }
}
