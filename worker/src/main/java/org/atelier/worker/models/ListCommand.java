package org.atelier.worker.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.bundle.BundleCatalog;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code models list}: the bundles of the store, or of a folder of folders. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the bundles of the object store, or those in a"
        + " folder.")
final class ListCommand extends BundleCommand {
    private static final String ROW = "%-32s  %-12s  %-5s  %-4s  %-40s  %s%n";

    @Parameters(paramLabel = "FOLDER", arity = "0..1", description = "Holds bundle folders; without it, the store is"
            + " listed.")
    private @Nullable Path folder;

    ListCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    public Integer call() throws IOException {
        out().printf(ROW, "BUNDLE", "GENERATOR", "PX", "ROWS", "NETWORKS", "TITLE");
        cards().forEach(card -> out().printf(ROW, card.reference(), card.generator().architecture(), card.generator()
                .config()
                .path("img_resolution").asText("?"), card.latentRows(), String.join(" ", card.networks().keySet()), card
                        .title()));
        out().flush();
        return OK;
    }

    private List<BundleCard> cards() throws IOException {
        if (folder != null) {
            try (var folders = Files.list(folder)) {
                return folders.filter(path -> Surroundings.isFolder(path.toString()))
                        .sorted()
                        .map(BundleCommand::card)
                        .toList();
            }
        }
        try (var store = surroundings().store()) {
            return new BundleCatalog(store).all();
        }
    }
}
