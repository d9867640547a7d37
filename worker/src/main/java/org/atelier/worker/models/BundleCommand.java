package org.atelier.worker.models;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import org.atelier.common.bundle.BundleCard;
import org.atelier.common.bundle.BundleCatalog;
import org.atelier.common.json.Json;
import org.atelier.worker.job.bundle.BundleCache;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What the commands of {@code models} have in common. */
abstract class BundleCommand implements Callable<Integer> {
    /** Exit codes: all is well; the command could not do what was asked. */
    static final int OK = 0;
    static final int FAILED = 1;

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec;

    /** Something that is done with a bundle folder. */
    interface Work {
        int with(Path folder) throws IOException;
    }

    BundleCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    final Surroundings surroundings() {
        return surroundings;
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** The card in a folder. */
    static BundleCard card(Path folder) {
        try {
            return Json.read(Files.readAllBytes(folder.resolve(BundleCard.FILE)), BundleCard.class);
        } catch (IOException e) {
            throw new UncheckedIOException(folder.resolve(BundleCard.FILE) + " cannot be read", e);
        }
    }

    /** The card of a bundle, in a folder or in the store. */
    final BundleCard card(String bundle) {
        if (Surroundings.isFolder(bundle)) {
            return card(Path.of(bundle));
        }
        try (var store = surroundings.store()) {
            return new BundleCatalog(store).find(bundle)
                    .orElseThrow(() -> new ImportException("There is no folder with a bundle.json and no bundle in the"
                            + " store that is called " + bundle + ". atelier models list shows what the store has."));
        }
    }

    /** Works on a folder; a bundle of the store is fetched, and every file of it checked against its digest. */
    final int withFolder(String bundle, Work work) throws IOException {
        if (Surroundings.isFolder(bundle)) {
            return work.with(Path.of(bundle));
        }
        var reference = card(bundle).reference();
        var scratch = Surroundings.scratch();
        try (var store = surroundings.store()) {
            return work.with(new BundleCache(store, scratch).get(reference).folder());
        } finally {
            Folders.remove(scratch);
        }
    }
}
