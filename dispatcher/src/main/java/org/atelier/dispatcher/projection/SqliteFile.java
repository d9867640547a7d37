package org.atelier.dispatcher.projection;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

import org.atelier.dispatcher.fault.Outage;
import org.atelier.dispatcher.fault.UnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * A file of SQLite that is ours alone, as long as the process lives: two dispatchers on one file would each take themselves
 * for the only one. The lock is on a file beside it, because SQLite has locks of its own on the file itself.
 */
final class SqliteFile implements AutoCloseable {
    static final String PREFIX = "jdbc:sqlite:";
    private static final String SUFFIX = ".lock";

    private final FileChannel channel;

    private SqliteFile(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the file of an address; empty for a database in memory, which nobody else can reach.
     *
     * @throws UnavailableException if another process has it, or it cannot be written
     */
    static Optional<SqliteFile> take(String url) {
        var name = url.substring(PREFIX.length()).replaceFirst("^file:", "").replaceFirst("\\?.*$", "");
        if (name.isEmpty() || name.startsWith(":")) {
            return Optional.empty();
        }
        var file = Path.of(name + SUFFIX);
        try {
            var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock(channel) == null) {
                channel.close();
                throw new UnavailableException(Outage.DATABASE, "The database " + url
                        + " belongs to another dispatcher that runs. Stop that one, give this one a file of its own, or"
                        + " put both on one PostgreSQL database (" + DatabaseSettings.URL.key() + ").");
            }
            return Optional.of(new SqliteFile(channel));
        } catch (IOException e) {
            throw new UnavailableException(Outage.DATABASE, "The database " + url + " cannot be used (" + e
                    + "); check "
                    + DatabaseSettings.URL.key() + ".", e);
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Somebody else in this process.
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
