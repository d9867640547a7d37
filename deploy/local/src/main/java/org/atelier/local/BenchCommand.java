package org.atelier.local;

import picocli.CommandLine.Command;

/** {@code bench}: the worker's benchmarks, and the dispatcher's. */
@Command(name = "bench", subcommands = BenchDispatcherCommand.class, description = "Measures steps per second and memory (bench optimize --help), what edits do (bench quality --help) and what a"
        + " dispatcher takes (bench dispatcher --help).")
final class BenchCommand extends WorkerTool {
    BenchCommand() {
        super("org.atelier.worker.bench.BenchMain");
    }
}
