package org.atelier.dispatcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code bundles}: what the fleet can edit. */
@Command(name = "bundles", description = {"Lists the bundles of the fleet, or shows the card of one.",
        "The command models imports and publishes them."}, subcommands = BundlesShareCommand.class, footer = {
                "%nExamples:",
                "  bundles",
                "  bundles avatar-128",
                "  bundles share ffhq-1024 --tenant shop --tenant studio"})
public final class BundlesCommand extends ApiCommand {
    private static final String ROW = "%-28s  %-10s  %-40s  %s%n";

    @Parameters(paramLabel = "BUNDLE", arity = "0..1", description = "Name or name@version (default: all bundles).")
    private @Nullable String bundle;

    @Override
    int run(DispatcherClient client) throws InterruptedException {
        if (bundle != null) {
            printJson(client.bundle(bundle));
            return ExitCode.OK;
        }
        var bundles = client.bundles();
        if (json()) {
            printJson(bundles);
        } else {
            out().printf(ROW, "BUNDLE", "RESOLUTION", "TITLE", "LICENCE");
            bundles.path("bundles").forEach(this::print);
            out().flush();
        }
        return ExitCode.OK;
    }

    private void print(JsonNode card) {
        out().printf(ROW, card.path("name").asText() + "@" + card.path("version").asText(), card.at(
                "/generator/config/img_resolution").asText("-"), card.path("title").asText(), card.path("licence")
                        .asText());
    }
}
