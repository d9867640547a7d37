package org.atelier.dispatcher.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.client.FakeDispatcher;
import org.atelier.common.json.Json;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs commands against a dispatcher that gives prepared answers; for {@code @RegisterExtension}. */
final class Shell implements BeforeEachCallback, AfterEachCallback {
    private final List<Class<?>> commands;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private FakeDispatcher dispatcher;

    @Command(name = "atelier")
    static final class Root {}

    Shell(Class<?>... commands) {
        this.commands = List.of(commands);
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        dispatcher = new FakeDispatcher();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        dispatcher.close();
    }

    FakeDispatcher dispatcher() {
        return dispatcher;
    }

    /** Runs a command against the dispatcher. */
    int run(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", dispatcher.url().toString()));
        return runAsWritten(all.toArray(String[]::new));
    }

    /** Runs a command that says itself where the dispatcher is, if it says it. */
    int runAsWritten(String... arguments) {
        var line = new CommandLine(new Root());
        commands.forEach(line::addSubcommand);
        return line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err, true))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(new ErrorHandler(List.of())).execute(arguments);
    }

    /** What was written to standard output so far. */
    String out() {
        return out.toString();
    }

    /** What was written to standard error so far. */
    String err() {
        return err.toString();
    }

    /** The body of the first request. */
    JsonNode firstBody() {
        return Json.read(dispatcher.asked().getFirst().body().getBytes(StandardCharsets.UTF_8), JsonNode.class);
    }

    /** The body of the last request. */
    JsonNode lastBody() {
        return Json.read(dispatcher.asked().getLast().body().getBytes(StandardCharsets.UTF_8), JsonNode.class);
    }

    /** A JSON document whose quotes are single ones. */
    static JsonNode json(String text) {
        return Json.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8), JsonNode.class);
    }
}
