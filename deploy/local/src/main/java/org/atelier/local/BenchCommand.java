package org.atelier.local;

import picocli.CommandLine.Command;

/** {@code bench}: the worker's benchmarks. */
@Command(name = "bench", description = "Measures steps per second and memory (bench optimize --help) and what edits do (bench quality --help).")
final class BenchCommand extends WorkerTool {
    BenchCommand() {
        super("org.atelier.worker.bench.BenchMain");
    }
}
