package org.atelier.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

import org.atelier.common.json.Json;
import org.atelier.dispatcher.cli.ExitCode;
import org.atelier.local.chaos.ChaosFleet;
import org.atelier.local.chaos.ChaosOptions;
import org.atelier.local.chaos.ChaosRun;
import org.atelier.local.chaos.Fault;
import org.atelier.local.fleet.Installation;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chaos}: a fleet that is broken on purpose, and what came of its jobs. */
@Command(name = "chaos", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Runs a fleet on this machine, breaks it again and again, and says whether every job ended exactly once.",
        "Broker, store, dispatcher and workers are the product's; the device is a wait."}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                "0:Nothing was lost and nothing ended twice.",
                "1:Something was or did; it is listed, and the fleet's folder stays.",
                "2:The command was written wrong.",
                "5:A process of the fleet could not be started; what it said last is printed.",
                "130:Stopped by Ctrl-C."})
class ChaosCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--minutes", description = "How long it is broken; then the rest of the jobs may end (default: ${DEFAULT-VALUE}).", defaultValue = "5")
    private double minutes = 5;

    @Option(names = "--seed", description = "Of everything that is drawn (default: another one each time, which is printed).")
    private @Nullable Long seed;

    @Option(names = "--workers", description = "How many (default: ${DEFAULT-VALUE}).", defaultValue = "2")
    private int workers = 2;

    @Option(names = "--fault", paramLabel = "KIND", description = "Only these: ${COMPLETION-CANDIDATES} (default: all).")
    private List<Fault> faults = List.of(Fault.values());

    @Option(names = "--report", paramLabel = "FILE.json", description = "Gets the figures.")
    private @Nullable Path report;

    @Option(names = "--history", paramLabel = "FILE.jsonl", description = "Gets everything that was seen, one fact a line.")
    private @Nullable Path history;

    @Override
    public Integer call() throws Exception {
        var out = spec.commandLine().getOut();
        long chosen = seed == null ? RandomGenerator.getDefault().nextInt(Integer.MAX_VALUE) : seed;
        var options = ChaosOptions.of(chosen).withWorkers(workers);
        out.println("seed " + chosen);
        out.flush();
        try (var fleet = ChaosFleet.open(Installation.ofThisProcess(), options)) {
            fleet.start();
            try (var run = new ChaosRun(fleet, "chaos-" + chosen)) {
                var figures = run.run(Duration.ofSeconds(Math.round(minutes * 60)), faults, out);
                out.println();
                out.print(figures.text());
                if (report != null) {
                    Files.writeString(report, Json.pretty(figures));
                }
                if (history != null) {
                    figures.history().write(history);
                }
                if (!figures.clean()) {
                    fleet.keepData();
                    out.println("the fleet's folder stays: " + fleet.folder());
                }
                out.flush();
                return figures.clean() ? ExitCode.OK : ExitCode.JOB_NOT_SUCCEEDED;
            }
        }
    }
}
