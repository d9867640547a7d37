package org.atelier.dispatcher.retention;

import java.time.Duration;
import java.util.List;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.Parser;
import org.atelier.common.config.Setting;

/**
 * How the store is kept clean.
 *
 * @param interval time between two garbage collections that nobody asked for; nothing: none
 * @param sweep    whether such a collection removes what it finds, or only counts it
 * @param grace    a blob that was written or touched less long ago is never removed
 */
public record RetentionSettings(Duration interval, boolean sweep, Duration grace) {
    private static final Parser<Duration> NOT_NEGATIVE = Parser.DURATION.where(interval -> !interval.isNegative(),
            "nothing or more");
    private static final Duration LEAST_GRACE = Duration.ofHours(1);

    /** Interval. */
    public static final Setting<Duration> INTERVAL = Setting.of("ATELIER_GC_INTERVAL", NOT_NEGATIVE, "1d",
            "time between two garbage collections that nobody asked for; they also remove the jobs that are older than the"
                    + " retention of their tenant; 0s: none");
    /** Sweep. */
    public static final Setting<Boolean> SWEEP = Setting.of("ATELIER_GC_SWEEP", Parser.BOOLEAN, "false",
            "whether those collections remove blobs that nothing names, or only count them");
    /** Grace. */
    public static final Setting<Duration> GRACE = Setting.of("ATELIER_GC_GRACE", Parser.DURATION.where(
            grace -> grace.compareTo(LEAST_GRACE) >= 0, "an hour or more"), "7d",
            "how long a blob stays that nothing names: uploads must be used, and previews can be looked at, for this long");
    /** All of them. */
    public static final List<Setting<?>> LIST = List.of(INTERVAL, SWEEP, GRACE);

    /** Takes these settings out of a process's. */
    public static RetentionSettings of(Configuration configuration) {
        return new RetentionSettings(configuration.get(INTERVAL), configuration.get(SWEEP), configuration.get(GRACE));
    }
}
