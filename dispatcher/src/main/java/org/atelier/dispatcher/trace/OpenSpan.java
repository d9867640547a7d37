package org.atelier.dispatcher.trace;

import java.util.function.Supplier;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import org.atelier.common.trace.TraceContext;
import org.atelier.common.trace.otel.SpanAttributes;
import org.atelier.common.trace.otel.Tracing;
import org.jspecify.annotations.Nullable;

/** A span that has begun. It ends with {@link #close}, and is seen by nobody before. */
public final class OpenSpan implements AutoCloseable {
    private final Span span;
    private boolean forgotten;

    OpenSpan(Span span) {
        this.span = span;
    }

    /**
     * What others go on from. Where no traces are made, that is the parent; {@code null} where there is none either.
     */
    public @Nullable TraceContext context() {
        return Tracing.context(span).orElse(null);
    }

    /** Says more of it. */
    public <T> OpenSpan with(AttributeKey<T> attribute, T value) {
        span.setAttribute(attribute, value);
        return this;
    }

    /**
     * It came to nothing.
     *
     * @param type    an error category, or the name of an exception
     * @param message for people
     */
    public void failed(String type, @Nullable String message) {
        span.setAttribute(SpanAttributes.ERROR, type);
        span.setStatus(StatusCode.ERROR, message == null ? "" : message);
    }

    /** It came to nothing because of an exception. */
    public void failed(Throwable thrown) {
        failed(thrown.getClass().getName(), thrown.getMessage());
    }

    /** Does what it is about, and ends it. */
    public <T> T during(Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            failed(e);
            throw e;
        } finally {
            close();
        }
    }

    /** Nothing has happened that is worth a span. */
    public void forget() {
        forgotten = true;
    }

    @Override
    public void close() {
        if (!forgotten) {
            span.end();
        }
    }
}
