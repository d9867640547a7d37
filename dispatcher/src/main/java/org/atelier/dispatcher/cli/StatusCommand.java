package org.atelier.dispatcher.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.common.json.Json;
import picocli.CommandLine.Command;

/** {@code status}: the queue at a glance, and what each worker does. */
@Command(name = "status", description = {"Shows the queue at a glance, and what each worker does.",
        "Jobs are those of your tenant; an admin sees how many every tenant has."})
public final class StatusCommand extends ApiCommand {
    private static final String NAME_ROW = "%-20s";
    private static final String COUNT = " %10s";
    private static final String WORKER_ROW = "%-28s  %-16s  %-10s  %-6s  %s%n";
    private static final List<String> STATES = List.of("queued", "ready", "running", "retrying", "succeeded", "failed",
            "cancelled");

    @Override
    int run(DispatcherClient client) throws InterruptedException {
        var overview = client.overview();
        var workers = client.workers();
        if (json()) {
            ObjectNode both = Json.mapper().createObjectNode();
            both.set("overview", overview);
            both.set("workers", workers.path("workers"));
            printJson(both);
        } else {
            printQueue(overview);
            printWorkers(workers.path("workers"));
            out().flush();
        }
        return ExitCode.OK;
    }

    private void printQueue(JsonNode overview) {
        out().printf("%d waiting, %d running%s%s%n", overview.path("waiting").asLong(), overview.path("running")
                .asLong(), within(overview, "oldest_waiting_seconds", ", the oldest for %s"), within(overview,
                        "eta_seconds", ", all done in about %s"));
        table("TYPE", overview.path("jobs"), "type");
        table("TENANT", overview.path("tenants"), "tenant");
    }

    /** Numbers of jobs by their state. */
    private void table(String head, JsonNode rows, String name) {
        Map<String, Map<String, Long>> counts = new TreeMap<>();
        rows.forEach(row -> counts.computeIfAbsent(row.path(name).asText(), key -> new LinkedHashMap<>())
                .merge(row.path("state").asText(), row.path("jobs").asLong(), Long::sum));
        if (counts.isEmpty()) {
            return;
        }
        out().println();
        out().printf(NAME_ROW, head);
        STATES.forEach(state -> out().printf(COUNT, state.toUpperCase(Locale.ROOT)));
        out().println();
        counts.forEach((key, states) -> {
            out().printf(NAME_ROW, key);
            STATES.forEach(state -> out().printf(COUNT, states.containsKey(state) ? states.get(state) : "-"));
            out().println();
        });
    }

    private static String within(JsonNode overview, String field, String text) {
        var seconds = overview.path(field);
        boolean idle = overview.path("waiting").asLong() + overview.path("running").asLong() == 0;
        return seconds.isNumber() && !idle ? String.format(text, words(Duration.ofSeconds(seconds.asLong()))) : "";
    }

    /** {@code 2 h 5 min}, to the two largest units. */
    static String words(Duration time) {
        if (time.toDays() > 0) {
            return time.toDays() + " d " + time.toHoursPart() + " h";
        }
        if (time.toHours() > 0) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        }
        return time.toMinutes() > 0
                ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
                : time.toSeconds() + " s";
    }

    private void printWorkers(JsonNode workers) {
        if (workers.isEmpty()) {
            return;
        }
        out().println();
        out().printf(WORKER_ROW, "WORKER", "HOST", "POOL", "BUSY", "RUNS");
        for (var worker : workers) {
            out().printf(WORKER_ROW, worker.path("worker").asText(), worker.path("host").asText(), worker.path("pool")
                    .asText(), worker.path("busy").asText() + "/" + worker.path("slots").asText(), words(worker.path(
                            "running")));
        }
    }

    private static String words(JsonNode list) {
        var words = new StringBuilder();
        list.forEach(word -> words.append(words.isEmpty() ? "" : " ").append(word.asText()));
        return words.toString();
    }
}
