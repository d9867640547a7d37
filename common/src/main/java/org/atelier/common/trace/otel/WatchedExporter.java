package org.atelier.common.trace.otel;

import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once when spans begin to be lost, and when they arrive again. Nobody waits for them, so nothing else comes of it. */
final class WatchedExporter implements SpanExporter {
    private static final Logger log = LoggerFactory.getLogger(WatchedExporter.class);

    private static final int MAX_CAUSES = 16;

    private final SpanExporter exporter;
    private final String collector;
    private final AtomicBoolean isLosing = new AtomicBoolean();

    WatchedExporter(SpanExporter exporter, String collector) {
        this.exporter = exporter;
        this.collector = collector;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        var result = exporter.export(spans);
        return result.whenComplete(() -> note(result));
    }

    private void note(CompletableResultCode result) {
        if (result.isSuccess()) {
            if (isLosing.getAndSet(false)) {
                log.info("the collector at {} takes traces again", collector);
            }
        } else if (!isLosing.getAndSet(true)) {
            log.warn("traces are lost until the collector at {} takes them; no job suffers ({})", collector,
                    reason(result.getFailureThrowable()));
        }
    }

    /** The last cause. Of an answer that is an error there is none, and the exporter logs its status. */
    private static String reason(@Nullable Throwable thrown) {
        if (thrown == null || thrown.getCause() == null) {
            return "it did not take them";
        }
        return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause).limit(MAX_CAUSES).reduce((outer,
                inner) -> inner).map(Throwable::toString).orElse("");
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }

    @Override
    public String toString() {
        return exporter.toString();
    }
}
