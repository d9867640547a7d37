package org.atelier.chaos.history;

import java.util.Locale;
import java.util.stream.Collectors;

/** A report as a table for people. */
public final class ReportText {
    private ReportText() {}

    /** Lines of text, each with its end. */
    public static String of(Report report) {
        var text = new StringBuilder();
        line(text, "runs asked for", "%d (%d accepted, %d refused, %d unknown)", report.runs(), report.accepted(),
                report.refused(), report.unknown());
        line(text, "runs ended", "%d", report.ended());
        line(text, "executions", "%d, of them %d beside another of the same run", report.executions(),
                report.duplicates());
        line(text, "device seconds", "%.1f, wasted %.1f (%.1f %%)", report.deviceSeconds(),
                report.wastedDeviceSeconds(), share(report));
        line(text, "steps done again", "%s", spread(report.redone(), ""));
        line(text, "steps between checkpoints", "%s", spread(report.checkpointSteps(), ""));
        line(text, "results told again", "%d", report.repeatedResults());
        line(text, "orphaned blobs", "%d (%d bytes)", report.orphans().count(), report.orphans().bytes());
        for (var kind : Report.Kind.values()) {
            line(text, kind.name().toLowerCase(Locale.ROOT).replace('_', ' '), "%d", report.count(kind));
        }
        if (!report.faults().isEmpty()) {
            text.append(String.format(Locale.ROOT, "%n%-28s %8s   %s%n", "fault", "times",
                    "to the first new step of the next attempt"));
            report.faults().forEach((kind, fault) -> text.append(String.format(Locale.ROOT, "%-28s %8d   %s%n", kind,
                    fault.injected(), spread(fault.recoverySeconds(), " s"))));
        }
        if (!report.clean()) {
            text.append(report.violations().stream()
                    .map(violation -> violation.kind() + " " + violation.run() + ": " + violation.what())
                    .collect(Collectors.joining("\n", "\n", "\n")));
        }
        return text.toString();
    }

    private static double share(Report report) {
        return report.deviceSeconds() == 0 ? 0 : 100 * report.wastedDeviceSeconds() / report.deviceSeconds();
    }

    private static String spread(Spread spread, String unit) {
        return spread.count() == 0
                ? "none"
                : String.format(Locale.ROOT, "p50 %.1f%s, p99 %.1f%s, max %.1f%s (n = %d)", spread.p50(), unit,
                        spread.p99(), unit, spread.max(), unit, spread.count());
    }

    private static void line(StringBuilder text, String name, String format, Object... values) {
        text.append(String.format(Locale.ROOT, "%-28s ", name)).append(String.format(Locale.ROOT, format, values))
                .append('\n');
    }
}
