package org.atelier.worker.models;

import org.atelier.common.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code models show}: the card of a bundle. */
@Command(name = "show", mixinStandardHelpOptions = true, description = "Prints the card of a bundle: networks, configuration,"
        + " origin, presets.")
final class ShowCommand extends BundleCommand {
    @Parameters(paramLabel = "BUNDLE", description = "A folder, or name@version in the store.")
    private String bundle = "";

    ShowCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    public Integer call() {
        out().println(Json.pretty(card(bundle)));
        out().flush();
        return OK;
    }
}
