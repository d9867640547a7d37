package org.atelier.common.trace.otel;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import org.atelier.common.trace.TraceContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Where the spans of a process are made. Where traces are off, spans are OpenTelemetry's own that do nothing; one with a parent
 * then stands for that parent, so that a caller's trace goes through a fleet that makes none.
 *
 * <p>Nobody waits for a span to be sent: it is put into a queue that loses what it has no room for. Safe for use by several
 * threads.
 */
public final class Tracing implements AutoCloseable {
    /** No traces are made. */
    public static final Tracing OFF = new Tracing(OpenTelemetry.noop());

    private static final String SCOPE = "org.atelier";
    /** How long the end of a process may take because of spans that are not sent yet. */
    private static final Duration LAST_SPANS = Duration.ofSeconds(2);
    /** Held, because the JDK forgets loggers that nobody holds, and what was set on them. */
    private static final Logger ITS_LOG = Logger.getLogger("io.opentelemetry");

    private final OpenTelemetry telemetry;
    private final Tracer tracer;

    private Tracing(OpenTelemetry telemetry) {
        this.telemetry = telemetry;
        this.tracer = telemetry.getTracer(SCOPE);
    }

    /** With an SDK that somebody else has made: for tests. */
    public static Tracing of(OpenTelemetrySdk sdk) {
        return new Tracing(sdk);
    }

    /**
     * Starts.
     *
     * @param service  what the process is called where the settings say nothing
     * @param instance which of its kind it is
     */
    public static Tracing start(TracingSettings settings, String service, String instance) {
        if (!settings.isOn()) {
            return OFF;
        }
        if (ITS_LOG.getUseParentHandlers()) {
            ITS_LOG.setUseParentHandlers(false);
            var handler = new SLF4JBridgeHandler();
            // What comes with an exception is that a collector cannot be reached, which is told once and without a stack trace.
            handler.setFilter(record -> record.getThrown() == null);
            ITS_LOG.addHandler(handler);
        }
        return new Tracing(AutoConfiguredOpenTelemetrySdk.builder()
                .disableShutdownHook()
                .addPropertiesSupplier(() -> Map.of("otel.service.name", service))
                .addPropertiesCustomizer(given -> properties(settings, instance, Optional.ofNullable(given.getString(
                        TracingSettings.property(TracingSettings.RESOURCE)))))
                .addSamplerCustomizer((sampler, properties) -> LinkSampler.around(sampler))
                .addSpanExporterCustomizer((exporter, properties) -> new WatchedExporter(exporter, settings
                        .collector()))
                .build()
                .getOpenTelemetrySdk());
    }

    private static Map<String, String> properties(TracingSettings settings, String instance,
            Optional<String> resource) {
        var properties = new TreeMap<>(settings.properties());
        properties.put("otel.traces.exporter", "otlp");
        // There are meters for Prometheus, and logs are written where the platform collects them.
        properties.put("otel.metrics.exporter", "none");
        properties.put("otel.logs.exporter", "none");
        properties.put(TracingSettings.property(TracingSettings.RESOURCE), "service.instance.id=" + instance + resource
                .map(given -> "," + given).orElse(""));
        return properties;
    }

    /** A span that begins a trace, as long as it is given no parent. */
    public SpanBuilder span(String name) {
        return tracer.spanBuilder(name).setNoParent();
    }

    /** What makes a span a child of one that came from elsewhere; of none, where nothing came. */
    public static Context parent(@Nullable TraceContext context) {
        return context == null
                ? Context.root()
                : W3CTraceContextPropagator.getInstance().extract(Context.root(), context, Fields.GETTER);
    }

    /** A span that came from elsewhere, to link to. */
    public static SpanContext link(TraceContext context) {
        return Span.fromContext(parent(context)).getSpanContext();
    }

    /** A span as it travels; empty where traces are off and it stands for nothing. */
    public static Optional<TraceContext> context(Span span) {
        var context = span.getSpanContext();
        return context.isValid() ? Fields.of(context) : Optional.empty();
    }

    /** Sends what is not sent yet, if that does not take long. */
    @Override
    public void close() {
        if (telemetry instanceof OpenTelemetrySdk sdk) {
            sdk.getSdkTracerProvider().shutdown().join(LAST_SPANS.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** The two headers. */
    private static final class Fields {
        private static final TextMapGetter<TraceContext> GETTER = new TextMapGetter<>() {
            @Override
            public Iterable<String> keys(TraceContext carrier) {
                return List.of(TraceContext.TRACEPARENT, TraceContext.TRACESTATE);
            }

            @Override
            public @Nullable String get(@Nullable TraceContext carrier, String key) {
                return carrier == null ? null : switch (key) {
                    case TraceContext.TRACEPARENT -> carrier.traceparent();
                    case TraceContext.TRACESTATE -> carrier.tracestate();
                    default -> null;
                };
            }
        };

        static Optional<TraceContext> of(SpanContext span) {
            var fields = new TreeMap<String, String>();
            W3CTraceContextPropagator.getInstance().inject(Context.root().with(Span.wrap(span)), fields, Map::put);
            return TraceContext.parse(fields.get(TraceContext.TRACEPARENT), fields.get(TraceContext.TRACESTATE));
        }
    }
}
