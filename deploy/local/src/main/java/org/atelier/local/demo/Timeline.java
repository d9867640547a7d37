package org.atelier.local.demo;

import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** When what happened, counted from the start of the command. Told as it happens. */
public final class Timeline {
    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private final Clock clock;
    private final Instant start;
    private final PrintStream out;

    /** @param start when the user pressed enter */
    public Timeline(Clock clock, Instant start, PrintStream out) {
        this.clock = clock;
        this.start = start;
        this.out = out;
    }

    /** Something has happened; only the first time counts. */
    public synchronized void mark(String name, String told) {
        if (!seconds.containsKey(name)) {
            double elapsed = Duration.between(start, clock.instant()).toMillis() / 1_000.0;
            seconds.put(name, elapsed);
            out.println(String.format(Locale.ROOT, "%6.1f s  %s", elapsed, told));
        }
    }

    /** What has happened so far, in its order. */
    public synchronized Map<String, Double> seconds() {
        return new LinkedHashMap<>(seconds);
    }
}
