package org.atelier.dispatcher.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code list}: a table of jobs, newest first. */
@Command(name = "list", aliases = "jobs", description = "Lists jobs, newest first.")
public final class ListCommand extends ApiCommand {
    private static final String ROW = "%-36s  %-14s  %s  %-9s  %-20s  %s%n";
    private static final int STATE_WIDTH = 10;
    private static final String FAILED_ROW = "%-36s  %-14s  %-8s  %-20s  %s%n";
    private static final String FAILED = "failed";

    @Option(names = "--state", description = "Only jobs in this state: queued, ready, running, retrying, succeeded, failed"
            + " or cancelled.")
    private @Nullable String state;

    @Option(names = "--failed", description = "Only jobs that failed, with the reason; `get` has the evidence of each.")
    private boolean failed;

    @Option(names = "--type", description = "Only jobs of this type, for example optimize.")
    private @Nullable String type;

    @Option(names = "--subject", description = "Only jobs about this person, by the name that you gave with the jobs.")
    private @Nullable String subject;

    @Option(names = "--limit", defaultValue = "20", description = "How many (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--cursor", description = "Go on where an earlier list ended.")
    private @Nullable String cursor;

    @Override
    int run(DispatcherClient client) throws InterruptedException {
        if (failed && state != null) {
            throw usage("--failed says the state already; leave --state out.");
        }
        state = failed ? FAILED : state;
        var page = client.jobs(query());
        if (json()) {
            printJson(page);
        } else if (failed) {
            printFailed(page);
        } else {
            print(page);
        }
        return ExitCode.OK;
    }

    private Map<String, String> query() {
        var query = new LinkedHashMap<String, String>();
        Optional.ofNullable(state).ifPresent(value -> query.put("state", value));
        Optional.ofNullable(type).ifPresent(value -> query.put("type", value));
        Optional.ofNullable(subject).ifPresent(value -> query.put("subject", value));
        query.put("limit", String.valueOf(limit));
        Optional.ofNullable(cursor).ifPresent(value -> query.put("cursor", value));
        return query;
    }

    private void print(JsonNode page) {
        out().printf(ROW, "JOB", "TYPE", String.format("%-" + STATE_WIDTH + "s", "STATE"), "PROGRESS", "ACCEPTED",
                "WHAT");
        for (var tree : page.path("jobs")) {
            var job = new JobDocument(tree);
            out().printf(ROW, job.id(), job.type(), colours().state(job.state(), STATE_WIDTH), job
                    .progress(), job.acceptedAt(), job.subject());
        }
        more(page);
    }

    private void printFailed(JsonNode page) {
        out().printf(FAILED_ROW, "JOB", "TYPE", "ATTEMPT", "ENDED", "WHY");
        for (var tree : page.path("jobs")) {
            var job = new JobDocument(tree);
            out().printf(FAILED_ROW, job.id(), job.type(), tree.path("run").asText() + "." + tree.path("attempt")
                    .asText(), job.endedAt(), job.failure());
        }
        more(page);
    }

    private void more(JsonNode page) {
        var next = page.path("next_cursor").asText("");
        if (!next.isEmpty()) {
            err().println("There are more: --cursor " + next);
        }
        out().flush();
    }
}
