package org.atelier.worker.models;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

import org.atelier.worker.checkpoint.published.PublishedFileReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code models export}: a network of a bundle as a file for other tools. */
@Command(name = "export", mixinStandardHelpOptions = true, sortOptions = false, description = {
        "Writes a network of a bundle for other tools: as safetensors in published names, or a StyleGAN2 as a .pt of"
                + " rosinality's code (g_ema, latent_avg), which torch.load reads."})
final class ExportCommand extends BundleCommand {
    /** What can be written. */
    enum Format {
        /** As it lies in the bundle. */
        safetensors,
        /** A torch zip archive. */
        rosinality
    }

    @Parameters(index = "0", paramLabel = "BUNDLE", description = "A folder, or name@version in the store.")
    private String bundle = "";

    @Parameters(index = "1", paramLabel = "FILE", description = "The file to write; it must not exist.")
    private Path file = Path.of("");

    @Option(names = "--network", defaultValue = "generator", description = "Part of the bundle (default:"
            + " ${DEFAULT-VALUE}).")
    private String part = "";

    @Option(names = "--format", defaultValue = "safetensors", description = "${COMPLETION-CANDIDATES} (default:"
            + " ${DEFAULT-VALUE}).")
    private Format format = Format.safetensors;

    ExportCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    public Integer call() throws IOException {
        if (Files.exists(file)) {
            throw new ImportException(file + " exists already. Name another file, or remove it.");
        }
        return withFolder(bundle, this::export);
    }

    private int export(Path folder) throws IOException {
        var card = card(folder);
        var network = Optional.ofNullable(card.networks().get(part))
                .orElseThrow(() -> new ImportException(card.reference() + " has no " + part + ", only " + card
                        .networks()
                        .keySet() + "."));
        if (format == Format.rosinality && !network.architecture().equals("stylegan2")) {
            throw new ImportException("Only a StyleGAN2 has a rosinality form, and the " + part + " of " + card
                    .reference()
                    + " is of the architecture " + network.architecture() + ". Export it as safetensors.");
        }
        var source = folder.resolve(network.file());
        var draft = Path.of(file + ".part");
        try {
            switch (format) {
                case safetensors -> Files.copy(source, draft, StandardCopyOption.REPLACE_EXISTING);
                case rosinality -> {
                    try (var out = new BufferedOutputStream(Files.newOutputStream(draft))) {
                        RosinalityExport.write(out, new PublishedFileReader().read(source).tensors(), network.config());
                    }
                }
            }
            Files.move(draft, file);
        } finally {
            Files.deleteIfExists(draft);
        }
        out().println("wrote " + file);
        out().flush();
        return OK;
    }
}
