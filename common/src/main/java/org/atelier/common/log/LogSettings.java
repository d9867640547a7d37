package org.atelier.common.log;

import java.util.List;

import org.atelier.common.config.Parser;
import org.atelier.common.config.Setting;

/** Settings of the logs. {@code logback.xml} of each process reads them; here they are known and checked. */
public final class LogSettings {
    /** Level. */
    public static final Setting<String> LEVEL = Setting.of("ATELIER_LOG_LEVEL", Parser.STRING.where(List.of("ERROR",
            "WARN", "INFO", "DEBUG", "TRACE")::contains, "ERROR, WARN, INFO, DEBUG or TRACE"), "INFO",
            "least severity of what is logged");
    /** Format. */
    public static final Setting<String> FORMAT = Setting.of("ATELIER_LOG_FORMAT", Parser.STRING.where(List.of("text",
            "json")::contains, "text or json"), "text",
            "how lines are written: text for people, or json, an object a line with timestamp (in milliseconds), level,"
                    + " loggerName, formattedMessage, throwable, and under mdc the job and attempt that it is about,"
                    + " and trace_id and span_id where there is a trace");
    /** All of them. */
    public static final List<Setting<?>> LIST = List.of(LEVEL, FORMAT);

    private LogSettings() {}
}
