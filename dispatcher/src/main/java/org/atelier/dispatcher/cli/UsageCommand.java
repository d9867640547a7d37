package org.atelier.dispatcher.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.atelier.common.config.Parser;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** {@code usage}: what jobs took of devices. */
@Command(name = "usage", description = {
        "Shows what jobs took of devices, by tenant and type, and how much of it was wasted.",
        "An admin sees every tenant, anybody else their own."}, footer = {"%nExamples:", "  usage",
                "  usage --since 30d", "  usage --since 2026-01-01T00:00:00Z --until 2026-02-01T00:00:00Z --json"})
public final class UsageCommand extends ApiCommand {
    private static final String HEAD = "%-20s  %-16s  %8s  %8s  %12s  %12s  %7s%n";
    private static final String ROW = "%-20s  %-16s  %8d  %8d  %12.1f  %12.1f  %6.1f%%%n";
    private static final double PERCENT = 100;

    @Option(names = "--since", paramLabel = "WHEN", converter = Moment.class, description = "From then on: a moment such as"
            + " 2026-01-31T09:30:00Z, or a time before now such as 7d or 12h (default: 1d).")
    private @Nullable Instant since;

    @Option(names = "--until", paramLabel = "WHEN", converter = Moment.class, description = "Up to then (default: now).")
    private @Nullable Instant until;

    /** A moment, or a time before now. */
    static final class Moment implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            return Character.isDigit(text.charAt(text.length() - 1)) || text.endsWith("Z")
                    ? Instant.parse(text)
                    : Instant.now().minus(ago(text)).truncatedTo(ChronoUnit.SECONDS);
        }

        private static Duration ago(String text) {
            return Parser.DURATION.parse(text);
        }
    }

    @Override
    int run(DispatcherClient client) throws InterruptedException {
        Map<String, String> query = new LinkedHashMap<>();
        if (since != null) {
            query.put("since", since.toString());
        }
        if (until != null) {
            query.put("until", until.toString());
        }
        var report = client.usage(query);
        if (json()) {
            printJson(report);
            return ExitCode.OK;
        }
        out().printf(HEAD, "TENANT", "TYPE", "RUNS", "ATTEMPTS", "DEVICE s", "WASTED s", "");
        for (var row : report.path("usage")) {
            double seconds = row.path("device_seconds").asDouble();
            double wasted = row.path("wasted_seconds").asDouble();
            out().printf(Locale.ROOT, ROW, row.path("tenant").asText(), row.path("type").asText(), row.path("runs")
                    .asLong(),
                    row.path("attempts").asLong(), seconds, wasted, seconds == 0 ? 0 : PERCENT * wasted / seconds);
        }
        out().flush();
        return ExitCode.OK;
    }
}
