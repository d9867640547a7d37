package org.atelier.local.load;

import java.util.Locale;

/** The figures, for people. */
public final class LoadTable {
    private final StringBuilder text = new StringBuilder();

    private LoadTable() {}

    /** Writes them as a table of fixed columns. */
    public static String of(LoadReport report) {
        var table = new LoadTable();
        var machine = report.machine();
        table.line("%d processors, Java %s, %s; load %.1f before, %.1f after", machine.processors(), machine.java(),
                machine.database(), machine.loadBefore(), machine.loadAfter());
        table.line("");
        table.line("%-12s %10s %10s %10s %10s   CPU ms a job: %s", "accepted", "jobs/s", "listed/s", "p50 ms", "p99 ms",
                "dispatcher, broker, store");
        table.intake("HTTP", report.http());
        table.intake("HTTP bulk", report.bulk());
        table.intake("Kafka", report.kafka());
        table.line("%-12s %10.1f %10s %10s %10s   %s, worker %.2f", "run to end", report.endToEnd().perSecond(), "", "",
                "", cost(report.endToEnd().cpu()), report.endToEnd().cpu().worker());
        table.line("");
        table.line("%-26s %16s %16s %16s %16s", "from submission, ms", "accepted", "fed", "started", "ended");
        table.latency("idle", report.idle());
        table.latency(String.format(Locale.ROOT, "beside %.0f jobs/s", report.loaded().beside()), report.loaded());
        for (var backlog : report.backlogs()) {
            table.latency("urgent before " + backlog.waiting(), backlog.urgent());
        }
        table.line("");
        table.line("%10s %8s %8s %8s %9s %9s %9s %9s %10s %10s %8s", "backlog", "start s", "heap MB", "RSS MB",
                "idle ms/s", "page ms", "queued ms", "overview", "accept cpu", "run cpu", "jobs/s");
        for (var backlog : report.backlogs()) {
            table.line("%10d %8.1f %8.0f %8.0f %9.1f %9.1f %9.1f %9.1f %10.2f %10.2f %8.1f", backlog.waiting(), backlog
                    .startSeconds(), backlog.heapMegabytes(), backlog.residentMegabytes(), backlog.idleCpuMillis(),
                    backlog.pageMillis().p50(), backlog.filteredMillis().p50(), backlog.overviewMillis().p50(), backlog
                            .acceptCpuMillis(), backlog.cpu().dispatcher(), backlog.perSecond());
        }
        return table.text.toString();
    }

    private void intake(String name, LoadReport.Intake intake) {
        line("%-12s %10.1f %10.1f %10.1f %10.1f   %s", name, intake.perSecond(), intake.listedPerSecond(), intake
                .requestMillis().p50(), intake.requestMillis().p99(), cost(intake.cpu()));
    }

    private static String cost(LoadReport.Cost cost) {
        return String.format(Locale.ROOT, "%.2f, %.2f, %.2f", cost.dispatcher(), cost.broker(), cost.store());
    }

    private void latency(String name, LoadReport.Latency latency) {
        line("%-26s %16s %16s %16s %16s", name, both(latency.acceptedMillis()), both(latency.fedMillis()), both(latency
                .startMillis()), both(latency.endMillis()));
    }

    private static String both(Quantiles quantiles) {
        return String.format(Locale.ROOT, "%.1f / %.1f", quantiles.p50(), quantiles.p99());
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }
}
