package org.atelier.local.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HexFormat;

import org.atelier.common.json.Json;
import org.atelier.local.process.Ports;
import org.jspecify.annotations.Nullable;

/** Everything that a fleet of one machine keeps, in one folder that one fleet at a time may use. */
final class DataFolder implements AutoCloseable {
    private static final String ADDRESSES = "local.json";
    private static final int SECRET_BYTES = 20;

    private final Path path;
    private final FileChannel lock;
    private final Addresses addresses;

    private DataFolder(Path path, FileChannel lock, Addresses addresses) {
        this.path = path;
        this.lock = lock;
        this.addresses = addresses;
    }

    /**
     * Opens a folder, and makes it if it is not there.
     *
     * @param wantedHttp port of the dispatcher, if it is free and the folder is new; 0 for any
     * @throws IllegalStateException if another process uses it
     */
    static DataFolder open(Path folder, int wantedHttp) {
        var path = folder.toAbsolutePath().normalize();
        try {
            Files.createDirectories(path);
            var lock = lock(path);
            var file = path.resolve(ADDRESSES);
            return new DataFolder(path, lock, Files.exists(file)
                    ? Json.read(Files.readAllBytes(file), Addresses.class)
                    : choose(file, wantedHttp));
        } catch (IOException e) {
            throw new UncheckedIOException("the data folder " + path + " cannot be used", e);
        }
    }

    private static FileChannel lock(Path path) throws IOException {
        var channel = FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw inUse(path, e);
        }
        channel.close();
        throw inUse(path, null);
    }

    private static IllegalStateException inUse(Path path, @Nullable Exception cause) {
        return new IllegalStateException("Another fleet runs on the data folder " + path
                + "; stop it, or name another folder with --data.", cause);
    }

    private static Addresses choose(Path file, int wantedHttp) throws IOException {
        var random = new SecureRandom();
        var ports = new Ports(random).free(4);
        var addresses = new Addresses(ports.get(0), ports.get(1), ports.get(2),
                wantedHttp != 0 && Ports.isFree(wantedHttp) ? wantedHttp : ports.get(3), "local", secret(random));
        // A temporary file is readable by its owner only; moved when it is whole.
        var whole = Files.createTempFile(file.getParent(), ADDRESSES, null);
        Files.writeString(whole, Json.pretty(addresses));
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        return addresses;
    }

    private static String secret(SecureRandom random) {
        var bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    Path path() {
        return path;
    }

    Addresses addresses() {
        return addresses;
    }

    /** A part's own folder. */
    Path of(String part) {
        try {
            return Files.createDirectories(path.resolve(part));
        } catch (IOException e) {
            throw new UncheckedIOException("the data folder " + path + " cannot be written", e);
        }
    }

    /** Where a part's output goes. */
    Path log(String part) {
        return path.resolve("logs").resolve(part + ".log");
    }

    /** The lock that makes a part's process wait for the one before it, which may still be on its way out. */
    Path lockOf(String part) {
        return of(part).resolve("process.lock");
    }

    /** Removes everything. Nobody may use it any more. */
    void delete() {
        try (var files = Files.walk(path)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + path + " could not be removed", e);
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the lock of " + path + " cannot be released", e);
        }
    }
}
