package org.atelier.worker.job.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.OutputStreamAppender;
import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.json.Json;
import org.atelier.common.log.LogContext;
import org.atelier.common.log.LogSettings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The log of both processes, as their own {@code logback.xml} writes it. */
class LogFormatTest {
    private static final String WORKER = "src/main/resources/logback.xml";
    private static final String DISPATCHER = "../dispatcher/src/main/resources/logback.xml";

    /** What is written of one warning about an attempt, with an exception of several lines. */
    private static List<String> written(String file, String format) throws Exception {
        return written(file, format, Map.of(LogContext.JOB, "job-1", LogContext.ATTEMPT, "job-1/1/2"));
    }

    private static List<String> written(String file, String format, Map<String, String> about) throws Exception {
        var context = new LoggerContext();
        var mdc = new LogbackMDCAdapter();
        context.setMDCAdapter(mdc);
        context.putProperty(LogSettings.FORMAT.key(), format);
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(Path.of(file).toFile());
        var out = new ByteArrayOutputStream();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        ((OutputStreamAppender<ILoggingEvent>) root.getAppender(format)).setOutputStream(out);
        about.forEach(mdc::put);
        context.getLogger("org.atelier.Some").warn("it \"broke\"\nin two lines", new IllegalStateException("why"));
        context.getLogger("org.elsewhere").info("not of interest");
        context.stop();
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {WORKER, DISPATCHER})
    void jsonIsAnObjectALineWithTheJob(String file) throws Exception {
        var line = Json.read(written(file, "json").getFirst().getBytes(StandardCharsets.UTF_8), JsonNode.class);

        assertThat(written(file, "json")).hasSize(1);
        assertThat(line.path("formattedMessage").asText()).isEqualTo("it \"broke\"\nin two lines");
        assertThat(line.path("level").asText()).isEqualTo("WARN");
        assertThat(line.path("loggerName").asText()).isEqualTo("org.atelier.Some");
        assertThat(line.path("timestamp").asLong()).isPositive();
        assertThat(line.at("/mdc/job").asText()).isEqualTo("job-1");
        assertThat(line.at("/mdc/attempt").asText()).isEqualTo("job-1/1/2");
        assertThat(line.at("/throwable/message").asText()).isEqualTo("why");
    }

    @ParameterizedTest
    @CsvSource({WORKER + ", job-1/1/2]", DISPATCHER + ", [job-1]"})
    void textIsALineForEachRecord(String file, String about) throws Exception {
        assertThat(written(file, "text")).singleElement().asString().contains(" WARN ", about,
                "it \"broke\" | in two lines", "IllegalStateException: why | ");
        assertThat(written(file, "text", Map.of())).singleElement().asString().doesNotContain("%", "[]", "job-1");
    }
}
