package org.atelier.dispatcher.cli;

import java.util.Objects;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.job.JobId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code lineage}: where a job's sources came from and what was made of its result. */
@Command(name = "lineage", description = "Shows the jobs that a job came from, and those that use its result.")
public final class LineageCommand extends ApiCommand {
    private static final String ROW = "%-10s %-36s  %-16s %s%n";

    @Parameters(paramLabel = "JOB", converter = JobIdConverter.class, description = "Id of the job.")
    private @Nullable JobId id;

    @Override
    int run(DispatcherClient client) throws InterruptedException {
        var lineage = client.lineage(Objects.requireNonNull(id));
        if (json()) {
            printJson(lineage);
            return ExitCode.OK;
        }
        line("replay of", lineage.path("replay_of"));
        line("part of", lineage.path("composite"));
        lineage.path("parents").forEach(parent -> print("from", parent));
        lineage.path("children").forEach(child -> print("used by", child));
        out().flush();
        if (lineage.size() == 3 && lineage.path("parents").isEmpty() && lineage.path("children").isEmpty()) {
            err().println(id + " has no relatives");
        }
        return ExitCode.OK;
    }

    private void line(String name, JsonNode value) {
        if (value.isTextual()) {
            out().printf("%-10s %s%n", name, value.asText());
        }
    }

    private void print(String name, JsonNode relative) {
        out().printf(ROW, name, relative.path("job").asText(), relative.path("type").asText(), colours().state(relative
                .path("state").asText()));
    }
}
