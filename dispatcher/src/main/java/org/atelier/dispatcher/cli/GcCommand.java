package org.atelier.dispatcher.cli;

import java.time.Duration;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gc}: removes the blobs that nothing names. */
@Command(name = "gc", description = {
        "Removes blobs that nothing names any more, and jobs that are past their tenant's retention.",
        "A blob goes when it is older than the grace time, too."})
public final class GcCommand extends ApiCommand {
    private static final String ROW = "%-12s %s%n";
    /** A large store takes minutes. */
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    @Option(names = "--dry-run", description = "Only count.")
    private boolean dryRun;

    @Override
    int run(DispatcherClient client) throws InterruptedException {
        var asked = client.collect(dryRun);
        var view = Awaited.done(() -> client.collection(asked.path("id").asText()), PATIENCE);
        if (json()) {
            printJson(view);
        } else {
            print(view);
        }
        return ExitCode.OK;
    }

    private void print(JsonNode view) {
        if (!view.path("done").asBoolean()) {
            out().printf(ROW, "goes on", "GET /v1/gc/" + view.path("id").asText() + " tells what it found");
        } else {
            out().printf(ROW, "orphans", amount(view, "orphans", "orphan_bytes"));
            out().printf(ROW, "removed", amount(view, "swept", "swept_bytes"));
            out().printf(ROW, "too young", view.path("young").asText() + " blobs that nothing names yet");
            out().printf(ROW, "named", view.path("named").asText() + " blobs");
            out().printf(ROW, "too old", view.path("expired").asText() + (dryRun
                    ? " jobs would be erased"
                    : " jobs are being erased"));
            if (view.path("held_since").isTextual()) {
                out().printf(ROW, "held back", "what was written since " + view.path("held_since").asText()
                        + ", because an attempt runs since then");
            }
        }
        out().flush();
    }

    private static String amount(JsonNode view, String blobs, String bytes) {
        return view.path(blobs).asText() + " blobs, " + view.path(bytes).asText() + " bytes";
    }
}
