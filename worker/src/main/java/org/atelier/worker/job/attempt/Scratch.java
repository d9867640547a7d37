package org.atelier.worker.job.attempt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder for the files of one attempt; it is made when it is first needed and removed with the attempt. */
final class Scratch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Scratch.class);

    private final Path parent;
    private final String name;
    private @Nullable Path folder;
    private int files;

    /** @param parent where the folder is made */
    Scratch(Path parent, String name) {
        this.parent = parent;
        this.name = name;
    }

    /** A file that does not exist yet. */
    Path newFile() throws IOException {
        if (folder == null) {
            Files.createDirectories(parent);
            folder = Files.createTempDirectory(parent, name);
        }
        return folder.resolve("file-" + files++);
    }

    @Override
    public void close() {
        if (folder == null) {
            return;
        }
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException | UncheckedIOException e) {
            log.warn("the scratch folder {} could not be removed and takes room until somebody removes it", folder, e);
        }
    }
}
