package org.atelier.local;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

import org.atelier.local.fleet.Installation;
import org.atelier.local.fleet.LocalWorker;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code bench}: runs the worker's benchmarks on the worker's class path; everything behind the name is theirs. */
@Command(name = "bench", description = "Measures steps per second and memory: bench optimize --help.")
final class BenchCommand implements Callable<Integer> {
    private static final String NAME = "bench";
    private static final String MAIN = "org.atelier.worker.bench.BenchMain";

    @Parameters(paramLabel = "ARGUMENT", description = "What to measure, and how.")
    private List<String> arguments = List.of();

    /** Options behind the name are not this program's to understand. */
    static void passEverythingOn(CommandLine atelier) {
        atelier.getSubcommands().get(NAME).setUnmatchedOptionsArePositionalParams(true);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var program = Installation.ofThisProcess().program(Installation.Part.WORKER, MAIN, LocalWorker.OPTIONS,
                arguments, null);
        return new ProcessBuilder(program.command())
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
                .waitFor();
    }
}
