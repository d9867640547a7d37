package org.atelier.worker.job.trace;

import io.opentelemetry.api.trace.SpanKind;
import org.atelier.common.event.Message.AttemptReady;
import org.atelier.common.job.JobType;
import org.atelier.common.ledger.Claim;
import org.atelier.common.trace.TraceContext;
import org.atelier.common.trace.otel.SpanAttributes;
import org.atelier.common.trace.otel.Tracing;
import org.jspecify.annotations.Nullable;

/**
 * Makes the spans of attempts. Each begins a trace and links to the submission of its job: an attempt may begin weeks after
 * that and take days, a job may have many, and a trace that never ends is one that no tool shows.
 */
public final class AttemptSpans {
    /** No traces are made. */
    public static final AttemptSpans OFF = new AttemptSpans(Tracing.OFF, "", "");

    private final Tracing tracing;
    private final String pool;
    private final String device;

    /**
     * Of one worker.
     *
     * @param pool   whose jobs it runs
     * @param device what it computes on
     */
    public AttemptSpans(Tracing tracing, String pool, String device) {
        this.tracing = tracing;
        this.pool = pool;
        this.device = device;
    }

    /**
     * An attempt was claimed.
     *
     * @param submission the span of its job's submission; {@code null} where that has none
     */
    public AttemptSpan begin(Claim claim, AttemptReady ready, @Nullable TraceContext submission) {
        var attempt = claim.attempt();
        var type = JobType.of(ready.submission().request()).wireName();
        var span = tracing.span("attempt " + type)
                .setSpanKind(SpanKind.CONSUMER)
                .setAttribute(SpanAttributes.JOB, attempt.job().value())
                .setAttribute(SpanAttributes.RUN, (long) attempt.run().run())
                .setAttribute(SpanAttributes.ATTEMPT, (long) attempt.attempt())
                .setAttribute(SpanAttributes.TYPE, type)
                .setAttribute(SpanAttributes.BUNDLE, ready.bundle())
                .setAttribute(SpanAttributes.TENANT, ready.tenant())
                .setAttribute(SpanAttributes.POOL, pool)
                .setAttribute(SpanAttributes.DEVICE, device)
                .setAttribute(SpanAttributes.WORKER, claim.worker());
        if (claim.slot() != null) {
            span.setAttribute(SpanAttributes.SLOT, claim.slot());
        }
        if (submission != null) {
            span.addLink(Tracing.link(submission));
        }
        return new AttemptSpan(tracing, span.startSpan(), submission);
    }
}
