package org.atelier.dispatcher.cli;

import java.nio.file.Path;
import java.util.Locale;

import org.atelier.common.picture.PictureHeader.Format;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code upload}: stores an image for an edit to start from. */
@Command(name = "upload", description = {"Stores a PNG or JPEG file and prints its digest.",
        "Requests name it as a source: {\"image\": \"sha256:...\", \"aligned\": true}."})
public final class UploadCommand extends ApiCommand {
    @Parameters(paramLabel = "FILE", description = "A file that ends in .png, .jpg or .jpeg.")
    private Path file = Path.of("");

    @Option(names = "--presigned", description = "Write it straight into the store: the dispatcher gives an address there, and looks at what was written.")
    private boolean presigned;

    @Override
    int run(DispatcherClient client) throws InterruptedException {
        var mediaType = format().mediaType();
        var artifact = presigned ? client.uploadToStore(file, mediaType) : client.upload(file, mediaType);
        if (json()) {
            printJson(artifact);
        } else {
            out().println(artifact.path("digest").asText());
            out().flush();
        }
        return ExitCode.OK;
    }

    private Format format() {
        var name = file.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".png")) {
            return Format.PNG;
        }
        if (name.endsWith(".jpg") || name.endsWith(".jpeg")) {
            return Format.JPEG;
        }
        throw usage(file + " is neither a .png nor a .jpg file");
    }
}
