package org.atelier.local;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

import org.atelier.common.json.Json;
import org.atelier.dispatcher.cli.ExitCode;
import org.atelier.local.chaos.ChaosFleet;
import org.atelier.local.chaos.ChaosOptions;
import org.atelier.local.chaos.ChaosReport;
import org.atelier.local.chaos.ChaosRun;
import org.atelier.local.chaos.ChaosSummary;
import org.atelier.local.chaos.Fault;
import org.atelier.local.fleet.Installation;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a fleet is to be broken, and where it is told. */
final class ChaosFlags {
    @Option(names = "--seed", description = "Of everything that is drawn (default: another one each time, which is printed).")
    private @Nullable Long seed;

    @Option(names = "--workers", description = "How many (default: ${DEFAULT-VALUE}).", defaultValue = "2")
    private int workers = 2;

    @Option(names = "--open", paramLabel = "JOBS", description = "Jobs that are open at once for each worker: with 4 nobody is ever idle and a retry queues, with 0.5 half of"
            + " them are (default: ${DEFAULT-VALUE}).", defaultValue = "4")
    private double open = ChaosOptions.BUSY;

    @Option(names = "--fault", paramLabel = "KIND", description = "Only these: ${COMPLETION-CANDIDATES} (default: all).")
    private List<Fault> faults = List.of(Fault.values());

    @Option(names = "--report", paramLabel = "FILE.json", description = "Gets the figures.")
    private @Nullable Path report;

    @Option(names = "--history", paramLabel = "FILE.jsonl", description = "Gets everything that was seen in the last round, one fact a line.")
    private @Nullable Path history;

    /**
     * Breaks one fleet after the other, each with a seed of its own, until something happens that must never happen.
     *
     * @param pace   of the faults
     * @param rounds how long each is broken
     * @return the exit code
     */
    int run(ChaosRun.Pace pace, List<Duration> rounds, PrintWriter out) throws Exception {
        long first = seed == null ? RandomGenerator.getDefault().nextInt(Integer.MAX_VALUE) : seed;
        var reports = new ArrayList<ChaosReport>();
        for (var time : rounds) {
            var options = ChaosOptions.of(first + reports.size()).withWorkers(workers).withOpen(open);
            reports.add(round(options, pace, time, out));
            write(ChaosSummary.of(options, reports), reports.getLast());
            if (!reports.getLast().clean()) {
                return ExitCode.JOB_NOT_SUCCEEDED;
            }
        }
        return ExitCode.OK;
    }

    private ChaosReport round(ChaosOptions options, ChaosRun.Pace pace, Duration time, PrintWriter out)
            throws Exception {
        out.println("seed " + options.seed() + ": starting a fleet");
        out.flush();
        try (var fleet = ChaosFleet.open(Installation.ofThisProcess(), options)) {
            fleet.start();
            try (var run = new ChaosRun(fleet, "chaos-" + options.seed())) {
                var found = run.run(time, faults, pace, out);
                out.println();
                out.print(found.text());
                if (!found.clean()) {
                    fleet.keepData();
                    out.println("the fleet's folder stays: " + fleet.folder());
                }
                out.flush();
                return found;
            }
        }
    }

    private void write(ChaosSummary summary, ChaosReport last) {
        try {
            if (report != null) {
                Files.writeString(report, Json.pretty(summary));
            }
            if (history != null) {
                last.history().write(history);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the report cannot be written", e);
        }
    }
}
