package org.atelier.dispatcher.leadership;

import java.time.Duration;
import java.util.List;

import org.atelier.common.config.Configuration;
import org.atelier.common.config.Parser;
import org.atelier.common.config.Setting;

/**
 * How dispatchers that share a database agree on who leads.
 *
 * @param lease time without a renewal after which another takes over
 */
public record LeadershipSettings(Duration lease) {
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /** Lease. */
    public static final Setting<Duration> LEASE = Setting.of("ATELIER_LEADER_LEASE",
            Parser.DURATION.where(lease -> lease.compareTo(SHORTEST) >= 0, "at least 1s"), "5s",
            "time without a sign of the leading dispatcher after which another takes over; it renews four times in that"
                    + " time. Only where dispatchers share a PostgreSQL database");
    /** All of them. */
    public static final List<Setting<?>> LIST = List.of(LEASE);

    /** Takes these settings out of a process's. */
    public static LeadershipSettings of(Configuration configuration) {
        return new LeadershipSettings(configuration.get(LEASE));
    }
}
