package org.atelier.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * An archive of the classes that a program loaded: the JVM writes it when the program first ends in good order and maps it
 * at every later start (class data sharing, JEP 350). It halves the time to start a broker.
 *
 * <p>The JVM makes an archive that is absent and uses one that is there; one that was made from other jars it refuses, and
 * does not replace. The name therefore says what the archive was made from, and archives of other jars are removed.
 */
final class ClassArchive {
    private static final String SUFFIX = ".jsa";

    private final Path folder;
    private final String program;

    ClassArchive(Path folder, String program) {
        this.folder = folder;
        this.program = program;
    }

    /** Options of the JVM; none where an archive is impossible, because a part of the class path is a folder. */
    List<String> options(List<Path> classPath) {
        if (classPath.stream().anyMatch(Files::isDirectory)) {
            return List.of();
        }
        try {
            Files.createDirectories(folder);
            var archive = folder.resolve(program + "-" + fingerprint(classPath) + SUFFIX);
            removeOthers(archive);
            return List.of("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + archive);
        } catch (IOException e) {
            throw new UncheckedIOException("the class archives in " + folder + " cannot be kept", e);
        }
    }

    private static String fingerprint(List<Path> classPath) throws IOException {
        var text = new StringBuilder(System.getProperty("java.vm.version"));
        for (var jar : classPath) {
            text.append(jar).append(Files.size(jar)).append(Files.getLastModifiedTime(jar).toMillis());
        }
        return UUID.nameUUIDFromBytes(text.toString().getBytes(StandardCharsets.UTF_8)).toString();
    }

    private void removeOthers(Path archive) throws IOException {
        try (var files = Files.newDirectoryStream(folder, program + "-*" + SUFFIX)) {
            for (var file : files) {
                if (!file.equals(archive)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
