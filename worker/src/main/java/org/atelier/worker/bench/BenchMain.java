package org.atelier.worker.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ./atelier bench}. */
@Command(name = "bench", mixinStandardHelpOptions = true, subcommands = {
        GenerateBench.class, OptimizeBench.class, InvertBench.class, MapperBench.class, DeltaBench.class,
        DirectionsBench.class,
        NadaBench.class,
        BoundariesBench.class, QualityBench.class,
        ModelsBench.class}, description = "Measures what jobs cost on this machine.", footer = "%nWhat a dispatcher takes, and what a backlog costs: ./atelier bench dispatcher --help")
public final class BenchMain {
    private BenchMain() {}

    /** Runs a benchmark and ends the process with its exit code. */
    public static void main(String[] args) {
        var line = new CommandLine(new BenchMain());
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            command.getErr().println("This benchmark cannot run: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        });
        System.exit(line.execute(args));
    }
}
