package org.atelier.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * An archive of the classes that a program loads, which halves the time to its first answer (class data sharing, JEP 350).
 *
 * <p>It is recorded on purpose, by a run that does everything the program is for, and not by whatever happens to run first:
 * writing it makes the end of a process take seconds, and one that was written by a start that failed would serve all later
 * ones. The JVM refuses an archive that was made from other jars, so its name says what it was made from.
 */
public final class ClassArchive {
    private static final String SUFFIX = ".jsa";
    /** Of an archive the JVM has much to say that helps nobody, and on standard output. */
    private static final String QUIET = "-Xlog:disable";

    private final Path folder;
    private final boolean record;

    /**
     * Archives in a folder.
     *
     * @param record whether programs write their archive when they end in good order; else they use the one that is there
     */
    public ClassArchive(Path folder, boolean record) {
        this.folder = folder;
        this.record = record;
    }

    /** Options of the JVM that runs a program. */
    List<String> options(String program, List<Path> classPath) {
        try {
            var archive = folder.resolve(program + "-" + fingerprint(classPath) + SUFFIX);
            if (record) {
                Files.createDirectories(folder);
                removeAll(program);
                return List.of(QUIET, "-XX:ArchiveClassesAtExit=" + archive);
            }
            return Files.exists(archive) ? List.of(QUIET, "-XX:SharedArchiveFile=" + archive) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("the class archives in " + folder + " cannot be used", e);
        }
    }

    private static String fingerprint(List<Path> classPath) throws IOException {
        var text = new StringBuilder(System.getProperty("java.vm.version"));
        for (var jar : classPath) {
            text.append(jar).append(Files.size(jar)).append(Files.getLastModifiedTime(jar).toMillis());
        }
        return UUID.nameUUIDFromBytes(text.toString().getBytes(StandardCharsets.UTF_8)).toString();
    }

    private void removeAll(String program) throws IOException {
        try (var files = Files.newDirectoryStream(folder, program + "-*" + SUFFIX)) {
            for (var file : files) {
                Files.delete(file);
            }
        }
    }
}
