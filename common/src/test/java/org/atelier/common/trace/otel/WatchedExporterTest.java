package org.atelier.common.trace.otel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.util.Collection;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class WatchedExporterTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(WatchedExporter.class);
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private CompletableResultCode next = CompletableResultCode.ofSuccess();

    private final WatchedExporter exporter = new WatchedExporter(new SpanExporter() {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            return next;
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }, "http://collector:4318");

    @BeforeEach
    void listen() {
        said.start();
        logger.addAppender(said);
        logger.setLevel(Level.INFO);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(said);
        logger.setLevel(null);
    }

    private void export(CompletableResultCode result) {
        next = result;
        assertThat(exporter.export(List.of())).isSameAs(result);
    }

    @Test
    void saysOnceThatSpansAreLostAndOnceThatTheyArriveAgain() {
        var away = CompletableResultCode.ofExceptionalFailure(new IllegalStateException(new UncheckedIOException(
                new ConnectException("refused"))));
        export(CompletableResultCode.ofSuccess());
        export(away);
        export(away);
        export(CompletableResultCode.ofSuccess());
        export(CompletableResultCode.ofSuccess());
        export(CompletableResultCode.ofFailure());

        assertThat(said.list).extracting(ILoggingEvent::getFormattedMessage).containsExactly(
                "traces are lost until the collector at http://collector:4318 takes them; no job suffers"
                        + " (java.net.ConnectException: refused)",
                "the collector at http://collector:4318 takes traces again",
                "traces are lost until the collector at http://collector:4318 takes them; no job suffers (it did not take"
                        + " them)");
    }
}
