package org.atelier.dispatcher.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.common.job.JobId;
import org.atelier.common.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code erase}: removes jobs for good. */
@Command(name = "erase", description = {"Removes jobs for good: some by name, or all that are about a person.",
        "What has not ended is cancelled first. Their requests, results, pictures and events go, and their ids stay unused."})
public final class EraseCommand extends ApiCommand {
    private static final String ROW = "%-12s %s%n";
    /** Most erasures are done by then; the others go on without us. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Parameters(paramLabel = "JOB", arity = "0..*", converter = JobIdConverter.class, description = "Ids of jobs.")
    private List<JobId> jobs = new ArrayList<>();

    @Option(names = "--subject", paramLabel = "NAME", description = "All jobs about this person, by the name that you gave with"
            + " the jobs.")
    private @Nullable String subject;

    @Option(names = "--with-children", description = "Also the jobs that use results of these, and so on.")
    private boolean withChildren;

    @Option(names = "--dry-run", description = "Only say what would happen.")
    private boolean dryRun;

    @Option(names = "--id", paramLabel = "ID", description = "Name of the erasure: the same name is the same erasure.")
    private @Nullable String id;

    @Override
    int run(DispatcherClient client) throws InterruptedException {
        if (jobs.isEmpty() == (subject == null)) {
            throw usage("Name jobs, or say by --subject whose; one of the two.");
        }
        var asked = client.erase(body());
        var view = dryRun ? asked : Awaited.done(() -> client.erasure(asked.path("id").asText()), PATIENCE);
        if (json()) {
            printJson(view);
        } else {
            print(view, asked.path("children"));
        }
        return ExitCode.OK;
    }

    private ObjectNode body() {
        var body = Json.mapper().createObjectNode().put("dry_run", dryRun).put("with_children", withChildren);
        if (id != null) {
            body.put("id", id);
        }
        if (subject != null) {
            body.put("subject", subject);
        }
        if (!jobs.isEmpty()) {
            body.set("jobs", Json.tree(jobs));
        }
        return body;
    }

    private void print(JsonNode view, JsonNode children) {
        if (view.path("id").isTextual()) {
            out().printf(ROW, "erasure", view.path("id").asText());
        }
        boolean done = view.path("done").asBoolean();
        out().printf(ROW, "jobs", view.path("jobs").asText() + (dryRun
                ? " would be erased"
                : done ? " erased" : " to be erased"));
        if (done) {
            out().printf(ROW, "blobs", view.path("blobs").asText() + " removed, " + view.path("bytes").asText()
                    + " bytes; " + view.path("kept").asText() + " stay, because something else names them");
        } else if (!dryRun) {
            out().printf(ROW, "goes on", view.path("waiting").isEmpty()
                    ? "with blobs that were used again lately, within about an hour"
                    : "when these have ended: " + names(view.path("waiting")));
        }
        if (!children.isEmpty()) {
            out().printf(ROW, "left", "jobs that used their results and stay: " + names(children));
        }
        out().flush();
    }

    private static String names(JsonNode jobs) {
        var names = new ArrayList<String>();
        jobs.forEach(job -> names.add(job.asText()));
        return String.join(", ", names);
    }
}
