package org.atelier.worker.models;

import java.nio.file.Files;
import java.nio.file.Path;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.bundle.BundleUpload;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code models publish}: a bundle that lies in a folder goes into the store, where the fleet finds it. */
@Command(name = "publish", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Uploads a bundle to the object store (ATELIER_STORE_*). A version that is stored already stays as it is."})
final class PublishCommand extends BundleCommand {
    @Parameters(paramLabel = "FOLDER", description = "Its folder, with bundle.json in it.")
    private Path folder = Path.of(".");

    PublishCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    public Integer call() {
        if (!Files.exists(folder.resolve(BundleCard.FILE))) {
            throw new ImportException("There is no " + BundleCard.FILE + " in " + folder
                    + ". Name the folder of a bundle, or make one of published files: atelier models import.");
        }
        try (var store = surroundings().store()) {
            out().println("published " + new BundleUpload(store).upload(folder).reference());
        }
        return OK;
    }
}
