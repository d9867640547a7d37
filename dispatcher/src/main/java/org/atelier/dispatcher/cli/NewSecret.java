package org.atelier.dispatcher.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** A secret that the dispatcher shows once: printed alone for scripts, or saved for its owner alone. */
final class NewSecret {
    private NewSecret() {}

    /** Has the secret made. */
    @FunctionalInterface
    interface Maker {
        /** A document with a {@code secret}. */
        JsonNode make() throws InterruptedException;
    }

    /**
     * Has a secret made and shows it.
     *
     * @param file where it is saved; absent: it is printed
     * @param what it is, for people
     * @param tell says, without the secret, what was made
     */
    static void show(ApiCommand command, @Nullable Path file, String what, Maker maker, Consumer<JsonNode> tell)
            throws InterruptedException {
        if (file != null) {
            save(file, what, maker, tell);
            return;
        }
        var made = maker.make();
        if (command.json()) {
            command.printJson(made);
        } else {
            command.out().println(made.path("secret").asText());
            command.out().flush();
            tell.accept(made);
        }
    }

    /** The file is made first: a secret that cannot be written down would be lost. */
    private static void save(Path file, String what, Maker maker, Consumer<JsonNode> tell)
            throws InterruptedException {
        try (var channel = create(file)) {
            boolean saved = false;
            try {
                var made = maker.make();
                channel.write(StandardCharsets.UTF_8.encode(made.path("secret").asText() + "\n"));
                saved = true;
                tell.accept(made);
            } finally {
                if (!saved) {
                    Files.delete(file);
                }
            }
        } catch (FileAlreadyExistsException e) {
            throw new UncheckedIOException(file + " is there already and may hold a secret: name another file", e);
        } catch (IOException e) {
            throw new UncheckedIOException("the " + what + " cannot be saved: " + e, e);
        }
    }

    private static FileChannel create(Path target) throws IOException {
        boolean hasPermissions = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        var attributes = hasPermissions
                ? new FileAttribute<?>[]{PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(
                        "rw-------"))}
                : new FileAttribute<?>[0];
        return FileChannel.open(target, EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                attributes);
    }
}
