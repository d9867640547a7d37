package org.atelier.worker.job.attempt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.regex.Pattern;

import org.atelier.common.job.JobId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder for the files of one attempt; it is made when it is first needed and removed with the attempt. */
final class Scratch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Scratch.class);
    /** Long enough for no other program's folder to be taken for one. */
    private static final String PREFIX = "atelier-attempt-of-";

    private final Path parent;
    private final JobId job;
    private @Nullable Path folder;
    private int files;

    /** @param parent where the folder is made */
    Scratch(Path parent, JobId job) {
        this.parent = parent;
        this.job = job;
    }

    /** Removes the folders that attempts at a job left because their process was killed. */
    static void forget(Path parent, JobId job) {
        var shape = Pattern.compile(Pattern.quote(PREFIX + job + "-") + "\\d+");
        try (var folders = Files.list(parent)) {
            folders.filter(folder -> shape.matcher(folder.getFileName().toString()).matches()).forEach(Scratch::remove);
        } catch (IOException | UncheckedIOException e) {
            log.warn(
                    "{} could not be searched for what attempts at {} left there; somebody should do it by hand, because"
                            + " that job was erased", parent, job, e);
        }
    }

    /** A file that does not exist yet. */
    Path newFile() throws IOException {
        if (folder == null) {
            Files.createDirectories(parent);
            folder = Files.createTempDirectory(parent, PREFIX + job + "-");
        }
        return folder.resolve("file-" + files++);
    }

    @Override
    public void close() {
        if (folder == null) {
            return;
        }
        remove(folder);
    }

    private static void remove(Path folder) {
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException | UncheckedIOException e) {
            log.warn("the scratch folder {} could not be removed and takes room until somebody removes it", folder, e);
        }
    }
}
