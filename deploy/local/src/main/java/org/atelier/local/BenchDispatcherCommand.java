package org.atelier.local;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.atelier.common.json.Json;
import org.atelier.dispatcher.cli.ExitCode;
import org.atelier.local.fleet.Installation;
import org.atelier.local.load.LoadBench;
import org.atelier.local.load.LoadOptions;
import org.atelier.local.load.LoadTable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench dispatcher}: what a dispatcher takes, and what it costs. */
@Command(name = "dispatcher", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Starts a fleet whose jobs compute nothing, and measures what the rest takes: jobs accepted, jobs run, the way"
                + " from a submission to a worker, and what a backlog costs.",
        "Backlogs are written straight into the dispatcher's database, not submitted."}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                "0:The figures are printed.",
                "2:The command was written wrong.",
                "5:A process of the fleet could not be started; what it said last is printed.",
                "130:Stopped by Ctrl-C."})
final class BenchDispatcherCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--jobs", description = "Submitted in each way and round (default: ${DEFAULT-VALUE}).", defaultValue = "1000")
    private int jobs = 1000;

    @Option(names = "--rounds", description = "Of submissions; the one in the middle counts (default: ${DEFAULT-VALUE}).", defaultValue = "3")
    private int rounds = 3;

    @Option(names = "--clients", description = "That submit single jobs at once (default: ${DEFAULT-VALUE}).", defaultValue = "16")
    private int clients = 16;

    @Option(names = "--bulk", description = "Jobs of a bulk request (default: ${DEFAULT-VALUE}).", defaultValue = "500")
    private int bulk = 500;

    @Option(names = "--slots", description = "Of the worker (default: ${DEFAULT-VALUE}).", defaultValue = "4")
    private int slots = 4;

    @Option(names = "--latency-jobs", description = "Timed one by one (default: ${DEFAULT-VALUE}).", defaultValue = "200")
    private int latencyJobs = 200;

    @Option(names = "--backlog", split = ",", description = "Waiting jobs (default: ${DEFAULT-VALUE}).", defaultValue = "1000,100000,1000000")
    private List<Integer> backlogs = List.of();

    @Option(names = "--drained", description = "Jobs accepted, and run, beside each backlog (default: ${DEFAULT-VALUE}).", defaultValue = "500")
    private int drained = 500;

    @Option(names = "--database", paramLabel = "URL", description = "Of an empty PostgreSQL database, jdbc:postgresql://..."
            + " (default: a file of SQLite). Its user and password are read from ATELIER_DATABASE_USER and"
            + " ATELIER_DATABASE_PASSWORD.")
    private @Nullable String database;

    @Option(names = "--report", paramLabel = "FILE.json", description = "Gets the figures.")
    private @Nullable Path report;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        var found = LoadBench.run(Installation.ofThisProcess(), new LoadOptions(jobs, rounds, clients, bulk, slots,
                latencyJobs, backlogs, drained, database()), out);
        out.println();
        out.print(LoadTable.of(found));
        out.flush();
        if (report != null) {
            Files.writeString(report, Json.pretty(found));
        }
        return ExitCode.OK;
    }

    private Map<String, String> database() {
        var settings = new LinkedHashMap<String, String>();
        if (database != null) {
            settings.put("ATELIER_DATABASE", database);
            for (var name : List.of("ATELIER_DATABASE_USER", "ATELIER_DATABASE_PASSWORD")) {
                Optional.ofNullable(System.getenv(name)).ifPresent(value -> settings.put(name, value));
            }
        }
        return settings;
    }
}
