package org.atelier.worker.job.trace;

import java.util.concurrent.Callable;
import java.util.function.Supplier;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import org.atelier.common.error.JobFailure;
import org.atelier.common.trace.TraceContext;
import org.atelier.common.trace.otel.SpanAttributes;
import org.atelier.common.trace.otel.Tracing;
import org.jspecify.annotations.Nullable;

/** The span of an attempt that runs. Used by the attempt's own thread. */
public final class AttemptSpan implements AutoCloseable {
    private final Tracing tracing;
    private final Span attempt;
    private final @Nullable TraceContext context;
    private Span current;

    AttemptSpan(Tracing tracing, Span attempt, @Nullable TraceContext submission) {
        this.tracing = tracing;
        this.attempt = attempt;
        this.context = Tracing.context(attempt).orElse(submission);
        this.current = attempt;
    }

    /**
     * What whoever hears of the attempt may go on from: where this worker makes no traces, the submission, so that the caller's
     * trace is not cut off. {@code null} where there is nothing.
     */
    public @Nullable TraceContext context() {
        return context;
    }

    /** Does something as a phase of the attempt, or of the phase that it is in. */
    public <T> T within(String phase, Supplier<T> work) {
        var span = enter(phase);
        try {
            return work.get();
        } catch (RuntimeException | Error e) {
            failed(span, e);
            throw e;
        } finally {
            leave(span);
        }
    }

    /** Does something as a phase of the attempt, or of the phase that it is in. */
    public void during(String phase, Runnable work) {
        within(phase, () -> {
            work.run();
            return work;
        });
    }

    /** Does something that may throw anything as a phase of the attempt. */
    public <T> T call(String phase, Callable<T> work) throws Exception {
        var span = enter(phase);
        try {
            return work.call();
        } catch (Exception | Error e) {
            failed(span, e);
            throw e;
        } finally {
            leave(span);
        }
    }

    private Phase enter(String name) {
        var before = current;
        current = tracing.span(name).setParent(Context.root().with(before)).startSpan();
        return new Phase(current, before);
    }

    private record Phase(Span span, Span before) {}

    private static void failed(Phase phase, Throwable thrown) {
        phase.span.setAttribute(SpanAttributes.ERROR, thrown.getClass().getName());
        phase.span.setStatus(StatusCode.ERROR, String.valueOf(thrown.getMessage()));
    }

    private void leave(Phase phase) {
        phase.span.end();
        current = phase.before;
    }

    /** Says more of the phase that it is in. */
    public <T> void say(AttributeKey<T> attribute, T value) {
        current.setAttribute(attribute, value);
    }

    /** It goes on where an earlier one stopped. */
    public void resumed(int step) {
        attempt.setAttribute(SpanAttributes.RESUMED_FROM, (long) step);
    }

    /**
     * It has ended.
     *
     * @param how in the words of {@code atelier.worker.attempts}
     */
    public void ended(String how) {
        attempt.setAttribute(SpanAttributes.OUTCOME, how);
    }

    /** It has failed. */
    public void failed(String how, JobFailure failure) {
        ended(how);
        attempt.setAttribute(SpanAttributes.ERROR, failure.category().name());
        attempt.setStatus(StatusCode.ERROR, failure.message());
    }

    @Override
    public void close() {
        attempt.end();
    }
}
