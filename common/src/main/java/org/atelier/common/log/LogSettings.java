package org.atelier.common.log;

import java.util.List;

import org.atelier.common.config.Parser;
import org.atelier.common.config.Setting;

/** Settings of the logs. {@code logback.xml} of each process reads them; here they are known and checked. */
public final class LogSettings {
    private static final Parser<String> SEVERITY = Parser.STRING.where(List.of("ERROR", "WARN", "INFO", "DEBUG",
            "TRACE")::contains, "ERROR, WARN, INFO, DEBUG or TRACE");

    /** Level. */
    public static final Setting<String> LEVEL = Setting.of("ATELIER_LOG_LEVEL", SEVERITY, "INFO",
            "least severity of what is logged");
    /** Level of libraries. */
    public static final Setting<String> LIBRARIES = Setting.of("ATELIER_LOG_LIBRARIES", SEVERITY, "WARN",
            "least severity of what libraries log: Kafka's client, the HTTP server, the database's; they say much at DEBUG");
    /** Format. */
    public static final Setting<String> FORMAT = Setting.of("ATELIER_LOG_FORMAT", Parser.STRING.where(List.of("text",
            "json")::contains, "text or json"), "text",
            "how lines are written: text for people, or json, an object a line with timestamp (in milliseconds), level,"
                    + " loggerName, formattedMessage, throwable, and under mdc the job and attempt that it is about,"
                    + " and trace_id and span_id where there is a trace");
    /** All of them. */
    public static final List<Setting<?>> LIST = List.of(LEVEL, LIBRARIES, FORMAT);

    private LogSettings() {}
}
