package org.atelier.dispatcher.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.common.config.Parser;
import org.atelier.common.job.JobId;
import org.atelier.common.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code replay}: runs jobs again that have ended. */
@Command(name = "replay", description = {"Runs jobs again: some by name, or all that failed and fit a filter.",
        "With new parameters each becomes a new job; without, the next run of the same."})
public final class ReplayCommand extends ApiCommand {
    private static final String ROW = "%-12s %s%n";

    @Parameters(paramLabel = "JOB", arity = "0..*", converter = JobIdConverter.class, description = "Ids of jobs.")
    private List<JobId> jobs = new ArrayList<>();

    @Option(names = "--filter", paramLabel = "KEY=VALUE", description = "Only failed jobs with this type, error or tenant, or"
            + " since a moment or a while ago: type=optimize, error=TIMEOUT, since=2h. All given must hold.")
    private Map<String, String> filter = new LinkedHashMap<>();

    @Option(names = "--set", paramLabel = "NAME=VALUE", description = "A parameter with its new value: steps=100.")
    private Map<String, String> set = new LinkedHashMap<>();

    @Option(names = "--dry-run", description = "Only say what would happen.")
    private boolean dryRun;

    @Option(names = "--id", paramLabel = "ID", description = "Name of the replay: the same name is the same replay.")
    private @Nullable String id;

    @Option(names = "--per-second", paramLabel = "N", description = "Most jobs a second.")
    private @Nullable Integer perSecond;

    @Override
    int run(DispatcherClient client) throws InterruptedException {
        if (jobs.isEmpty() == filter.isEmpty()) {
            throw usage("Name jobs, or say by --filter which failed ones; one of the two.");
        }
        var view = client.replay(body(Instant.now()));
        if (json()) {
            printJson(view);
        } else {
            print(view);
        }
        return ExitCode.OK;
    }

    private ObjectNode body(Instant now) {
        var body = Json.mapper().createObjectNode().put("dry_run", dryRun);
        if (id != null) {
            body.put("id", id);
        }
        if (perSecond != null) {
            body.put("per_second", perSecond);
        }
        if (!jobs.isEmpty()) {
            body.set("jobs", Json.tree(jobs));
        }
        if (!filter.isEmpty()) {
            var conditions = body.putObject("filter");
            filter.forEach((key, value) -> conditions.put(key, key.equals("since") ? moment(value, now) : value));
        }
        if (!set.isEmpty()) {
            var values = body.putObject("set");
            set.forEach((name, value) -> values.set(name, value(value)));
        }
        return body;
    }

    /** A moment as it is, or a while ago. */
    private String moment(String text, Instant now) {
        try {
            Duration ago = Parser.DURATION.parse(text);
            return now.minus(ago).toString();
        } catch (IllegalArgumentException e) {
            try {
                return Instant.parse(text).toString();
            } catch (DateTimeParseException other) {
                throw usage("since=" + text
                        + " is neither a while such as 2h nor a moment such as 2026-01-02T03:04:05Z");
            }
        }
    }

    /** A number or the like as such, everything else as text. */
    private static JsonNode value(String text) {
        try {
            return Json.strict().readTree(text);
        } catch (JsonProcessingException e) {
            return Json.tree(text);
        }
    }

    private void print(JsonNode view) {
        if (view.path("id").isTextual()) {
            out().printf(ROW, "replay", view.path("id").asText());
        }
        out().printf(ROW, "jobs", view.path("jobs").asText() + (dryRun ? " would run again" : " run again"));
        var seconds = view.path("estimated_device_seconds");
        if (seconds.isNumber()) {
            out().printf(ROW, "device time", Math.round(seconds.asDouble()) + " s, estimated");
        }
        view.path("differences").properties().forEach(difference -> {
            var old = new ArrayList<String>();
            difference.getValue().path("from").properties().forEach(from -> old.add(from.getKey() + " ("
                    + from.getValue().asText() + ")"));
            out().printf(ROW, difference.getKey(), String.join(", ", old) + " -> " + difference.getValue().path("to")
                    .asText());
        });
        out().flush();
    }
}
