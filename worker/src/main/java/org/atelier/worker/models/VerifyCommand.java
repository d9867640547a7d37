package org.atelier.worker.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

import org.atelier.common.artifact.Digest;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.published.PublishedFileReader;
import org.atelier.worker.nn.WeightMismatchException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code models verify}: digests, then numbers, then a run of every network. */
@Command(name = "verify", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Checks every file of a bundle against its digest and for numbers that are not finite, builds every network and runs"
                + " it once.", "Ends with 1 if something is wrong."})
final class VerifyCommand extends BundleCommand {
    @Parameters(paramLabel = "BUNDLE", description = "A folder, or name@version in the store.")
    private String bundle = "";

    @Option(names = "--picture", description = "Draw seeds 0 to 8 into this PNG.")
    private @Nullable Path picture;

    VerifyCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    public Integer call() throws IOException {
        return withFolder(bundle, this::verify);
    }

    private int verify(Path folder) throws IOException {
        var wrong = new ArrayList<String>();
        var card = card(folder);
        for (var file : card.files().entrySet()) {
            var path = folder.resolve(file.getKey());
            if (!Files.exists(path)) {
                wrong.add(file.getKey() + " is missing");
            } else if (!Digest.of(path).hex().equals(file.getValue())) {
                wrong.add(file.getKey() + " has SHA-256 " + Digest.of(path).hex() + ", the card says " + file
                        .getValue());
            } else {
                if (file.getKey().endsWith(".safetensors")) {
                    new PublishedFileReader().read(path).tensors().requireFinite();
                }
                out().println("whole: " + file.getKey());
            }
        }
        if (wrong.isEmpty()) {
            run(folder);
            out().println(card.reference() + " is sound");
        } else {
            wrong.forEach(err()::println);
            err().println("Fetch the bundle again, or import it again under a new version.");
        }
        err().flush();
        out().flush();
        return wrong.isEmpty() ? OK : FAILED;
    }

    private void run(Path folder) throws IOException {
        try (var check = new SelfCheck(BundleNetworks.open(folder, surroundings().engine()))) {
            check.all(faces -> {
                if (picture != null) {
                    Files.write(picture, faces.png());
                }
            }).forEach(finding -> out().println("check: " + finding.part() + ": " + finding.text()));
        } catch (WeightMismatchException e) {
            throw new ImportException("The files are whole, but not what the card says. " + e.getMessage(), e);
        }
    }
}
