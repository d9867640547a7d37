package org.atelier.dispatcher.cli;

import java.time.Duration;

import com.fasterxml.jackson.databind.JsonNode;
import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rebuild}: makes the projection anew. */
@Command(name = "rebuild", description = {
        "Drops what lists, counts and the backlog are read from, and builds it again from topics and store.",
        "No job, result or artifact is touched. Needs the role admin. Ctrl-C ends the watching, not the build;",
        "to repeat it is harmless."})
public final class RebuildCommand extends ApiCommand {
    private static final Duration INTERVAL = Duration.ofMillis(500);

    @Option(names = "--no-wait", description = "Only ask for it.")
    private boolean noWait;

    @Option(names = "--status", description = "Only say how far the newest build is.")
    private boolean status;

    private String shown = "";

    @Override
    int run(DispatcherClient client) throws InterruptedException {
        var view = status ? client.rebuildProgress() : client.rebuild();
        if (noWait || status) {
            return last(view);
        }
        int build = view.path("build").asInt();
        // A later build than ours may have begun since: then that one is what there will be.
        var watching = RetryPolicy.<JsonNode>builder()
                .handleResultIf(now -> now.path("build").asInt() < build || !now.path("state").asText().equals("done"))
                .withDelay(INTERVAL)
                .withMaxRetries(-1)
                .onFailedAttempt(attempt -> show(attempt.getLastResult()))
                .build();
        return last(Failsafe.with(watching).get(client::rebuildProgress));
    }

    private void show(JsonNode view) {
        var line = line(view);
        if (!json() && !line.equals(shown)) {
            err().println(line);
            err().flush();
            shown = line;
        }
    }

    private int last(JsonNode view) {
        if (json()) {
            printJson(view);
        } else {
            out().println(line(view));
            out().flush();
        }
        return ExitCode.OK;
    }

    private static String line(JsonNode view) {
        var build = "build " + view.path("build").asInt() + ": ";
        var jobs = view.path("jobs").asLong();
        return build + switch (view.path("state").asText()) {
            case "waiting" -> "waits for the dispatcher that leads";
            case "reading_topics" -> "reads the topics; " + jobs + " jobs so far";
            case "reading_store" -> "reads the store; " + jobs + " jobs so far, " + view.path("looked_at").asInt()
                    + " looked at in the store";
            default -> "done; " + jobs + " jobs, " + view.path("looked_at").asInt() + " of them in the store, "
                    + view.path("restored").asInt() + " of which the topics no longer held everything";
        };
    }
}
