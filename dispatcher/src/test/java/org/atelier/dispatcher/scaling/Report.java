package org.atelier.dispatcher.scaling;

import java.time.Duration;
import java.util.Locale;

/**
 * What a pattern of arrivals cost.
 *
 * @param drained    from the first arrival to the end of the last job
 * @param busy       time that slots computed
 * @param idle       time that slots were ready and had nothing
 * @param starting   time that pods took to start
 * @param pods       pods that were started
 * @param most       most pods at once
 * @param killedBusy pods that were told to leave while they computed
 */
record Report(Duration drained, Duration busy, Duration idle, Duration starting, int pods, int most, int killedBusy) {
    /** A row of a table. */
    String row(String pattern) {
        return String.format(Locale.ROOT, "| %s | %s | %s | %s (%.0f %%) | %s | %d, %d at once | %d |", pattern, text(
                drained), text(busy), text(idle), 100.0 * idle.toMillis() / Math.max(1, idle.plus(busy).toMillis()),
                text(starting), pods, most, killedBusy);
    }

    private static String text(Duration time) {
        return time.toMinutes() + ":" + String.format(Locale.ROOT, "%02d", time.toSecondsPart());
    }
}
