package org.atelier.local;

import picocli.CommandLine.Command;

/** {@code models}: bundles from published files and back. */
@Command(name = "models", description = "Imports published files into bundles, and lists, shows, verifies and exports them:"
        + " models --help.")
final class ModelsCommand extends WorkerTool {
    ModelsCommand() {
        super("org.atelier.worker.models.ModelsMain");
    }
}
