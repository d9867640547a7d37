package org.atelier.dispatcher.trace;

import java.util.Locale;

import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import org.atelier.common.job.AttemptId;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobType;
import org.atelier.common.job.RunId;
import org.atelier.common.ledger.StoredRequest;
import org.atelier.common.trace.TraceContext;
import org.atelier.common.trace.otel.SpanAttributes;
import org.atelier.common.trace.otel.Tracing;
import org.jspecify.annotations.Nullable;

/**
 * Makes spans. What a dispatcher does for a job is short, and is in the trace of the job's submission; attempts are long, and
 * are traces of their own that link to it.
 */
public final class Spans {
    /** No traces are made; those of callers go through. */
    public static final Spans OFF = new Spans(Tracing.OFF);

    private final Tracing tracing;

    public Spans(Tracing tracing) {
        this.tracing = tracing;
    }

    /** How a request came. */
    public enum Channel {
        /** Over HTTP. */
        HTTP(SpanKind.SERVER),
        /** As a record. */
        KAFKA(SpanKind.CONSUMER),
        /** From the dispatcher itself, on behalf of another job. */
        DISPATCHER(SpanKind.INTERNAL);

        private final SpanKind kind;

        Channel(SpanKind kind) {
            this.kind = kind;
        }
    }

    /**
     * A request is decided about.
     *
     * @param parent the caller's span, or that of the composite job; {@code null}: this begins a trace
     * @param replay the span of the submission that this one replays; {@code null}: it replays none
     */
    public OpenSpan submission(Channel channel, JobId job, String tenant, @Nullable TraceContext parent,
            @Nullable TraceContext replay) {
        var span = tracing.span("submit")
                .setSpanKind(channel.kind)
                .setParent(Tracing.parent(parent))
                .setAttribute(SpanAttributes.CHANNEL, channel.name().toLowerCase(Locale.ROOT))
                .setAttribute(SpanAttributes.JOB, job.value())
                .setAttribute(SpanAttributes.TENANT, tenant);
        if (replay != null) {
            span.addLink(Tracing.link(replay));
        }
        return open(span);
    }

    /** An attempt is written to the ready topic of its pool. */
    public OpenSpan feed(AttemptId attempt, StoredRequest request, String pool) {
        return open(about(attempt.run(), request, "feed")
                .setSpanKind(SpanKind.PRODUCER)
                .setAttribute(SpanAttributes.ATTEMPT, (long) attempt.attempt())
                .setAttribute(SpanAttributes.POOL, pool));
    }

    /** A run is ended by the dispatcher. */
    public OpenSpan end(RunId run, StoredRequest request) {
        return open(about(run, request, "end"));
    }

    private SpanBuilder about(RunId run, StoredRequest request, String name) {
        return tracing.span(name)
                .setParent(Tracing.parent(request.trace()))
                .setAttribute(SpanAttributes.JOB, run.job().value())
                .setAttribute(SpanAttributes.RUN, (long) run.run())
                .setAttribute(SpanAttributes.TYPE, JobType.of(request.submission().request()).wireName())
                .setAttribute(SpanAttributes.TENANT, request.tenant());
    }

    /**
     * An event is carried to a webhook.
     *
     * @param event  its id
     * @param job    what it is about
     * @param parent the span that the event came of; {@code null}: of none
     */
    public OpenSpan delivery(String webhook, String event, String job, @Nullable TraceContext parent) {
        return open(tracing.span("deliver")
                .setSpanKind(SpanKind.CLIENT)
                .setParent(Tracing.parent(parent))
                .setAttribute(SpanAttributes.WEBHOOK, webhook)
                .setAttribute(SpanAttributes.EVENT, event)
                .setAttribute(SpanAttributes.JOB, job));
    }

    private static OpenSpan open(SpanBuilder span) {
        return new OpenSpan(span.startSpan());
    }
}
