package org.atelier.local;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

import org.atelier.local.fleet.Installation;
import org.atelier.local.fleet.LocalWorker;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** A program of the worker, run on the worker's class path; everything behind its name is the program's to understand. */
abstract class WorkerTool implements Callable<Integer> {
    private final String main;

    @Parameters(paramLabel = "ARGUMENT", description = "Passed on.")
    private List<String> arguments = List.of();

    WorkerTool(String main) {
        this.main = main;
    }

    /** Options behind the names of such programs are not this program's to understand. */
    static void passEverythingOn(CommandLine atelier) {
        atelier.getSubcommands()
                .values()
                .stream()
                .filter(line -> line.getCommand() instanceof WorkerTool)
                .forEach(line -> {
                    line.setUnmatchedOptionsArePositionalParams(true);
                    // Set for those below it as well, which are this program's.
                    line.getSubcommands().values().forEach(own -> own.setUnmatchedOptionsArePositionalParams(false));
                });
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var program = Installation.ofThisProcess().program(Installation.Part.WORKER, main, LocalWorker.OPTIONS,
                arguments,
                null);
        return new ProcessBuilder(program.command())
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
                .waitFor();
    }
}
