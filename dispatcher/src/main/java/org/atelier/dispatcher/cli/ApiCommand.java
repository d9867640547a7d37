package org.atelier.dispatcher.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all commands that talk to a dispatcher have in common. */
@Command(mixinStandardHelpOptions = true, sortOptions = false, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
        "0:Done.",
        "1:The job failed or was cancelled.",
        "2:The command was written wrong.",
        "3:The dispatcher could not be reached.",
        "4:The dispatcher refused; what it says is printed.",
        "5:Something went wrong on this machine."})
abstract class ApiCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private DispatcherOption dispatcher = new DispatcherOption();

    @Option(names = "--json", description = "Print the dispatcher's documents as JSON, for scripts.")
    private boolean json;

    @Override
    public final Integer call() throws Exception {
        try (var client = dispatcher.connect()) {
            return run(client);
        }
    }

    /** @return exit code */
    abstract int run(DispatcherClient client) throws Exception;

    final boolean json() {
        return json;
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    final Colours colours() {
        return Colours.ofThisProcess();
    }

    final void printJson(JsonNode document) {
        out().print(Json.pretty(document));
        out().flush();
    }

    /** For options that contradict each other. */
    final RuntimeException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
