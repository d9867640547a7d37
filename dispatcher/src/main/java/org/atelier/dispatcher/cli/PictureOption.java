package org.atelier.dispatcher.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Set;

import javax.imageio.ImageIO;

import org.atelier.common.api.JobView;
import org.atelier.common.job.JobId;
import picocli.CommandLine.Option;

/** The option of commands that show what a job made. */
final class PictureOption {
    private static final Set<String> SHOWN = Set.of("image/png", "image/jpeg");
    /** Of a job that made hundreds, the first say enough. */
    private static final int MOST = 4;

    @Option(names = "--pictures", paramLabel = "HOW", defaultValue = "auto", description = "Show the pictures of the result"
            + " in the terminal: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}, as it can; nothing where there is no"
            + " terminal).")
    private PictureMode mode = PictureMode.AUTO;

    /** Shows the first pictures among a job's artifacts, if it has any and the terminal shows them. */
    void show(DispatcherClient client, JobId id) throws InterruptedException {
        var pictures = Pictures.in(Terminal.ofThisProcess(), mode);
        if (pictures.isEmpty()) {
            return;
        }
        var job = new JobDocument(client.job(id));
        var all = job.artifacts().stream().filter(download -> SHOWN.contains(download.artifact().mediaType())).toList();
        for (var download : all.subList(0, Math.min(MOST, all.size()))) {
            show(client, download, pictures.get());
        }
        if (all.size() > MOST) {
            pictures.get().remark("and " + (all.size() - MOST) + " more");
        }
    }

    private static void show(DispatcherClient client, JobView.Download download, Pictures pictures)
            throws InterruptedException {
        try {
            var file = Files.createTempFile("atelier-", ".picture");
            try {
                client.download(download, file);
                var picture = ImageIO.read(file.toFile());
                if (picture == null) {
                    pictures.remark(download.artifact().name() + " is no picture that can be shown here");
                } else {
                    pictures.show(download.artifact().name(), picture);
                }
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the picture " + download.artifact().name() + " cannot be shown: " + e, e);
        }
    }
}
