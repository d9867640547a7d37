package org.atelier.worker.job.bundle;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a folder of files below a size: those that were used longest ago go first. When a file was used is its time of
 * modification, so that all workers that share the folder know it.
 *
 * <p>A file that was used lately stays, whatever the size: another worker may be about to open it. One that is mapped can go:
 * its bytes stay until the mapping ends.
 */
final class CacheSpace {
    private static final Logger log = LoggerFactory.getLogger(CacheSpace.class);

    /** From fetching a bundle to the end of reading its weights it never takes as long. */
    private static final Duration LATELY = Duration.ofMinutes(10);

    private final Path folder;
    private final long limit;
    private final Clock clock;

    private record Kept(Path path, long size, FileTime used) {}

    /** @param limit of all files together, in bytes */
    CacheSpace(Path folder, long limit, Clock clock) {
        this.folder = folder;
        this.limit = limit;
        this.clock = clock;
    }

    /** Says that a file is used now. */
    void used(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    }

    /**
     * Removes files until the rest is below the limit.
     *
     * @param needed what stays in any case
     */
    void shrink(Set<Path> needed) throws IOException {
        var files = files();
        long size = files.stream().mapToLong(Kept::size).sum();
        var old = FileTime.from(clock.instant().minus(LATELY));
        for (var file : files.stream().sorted(Comparator.comparing(Kept::used)).toList()) {
            if (size <= limit) {
                return;
            }
            if (!needed.contains(file.path) && file.used.compareTo(old) < 0) {
                Files.deleteIfExists(file.path);
                size -= file.size;
                log.info("{} was used last at {} and is removed from the cache; it is fetched again when it is needed",
                        file.path.getFileName(), file.used);
            }
        }
        if (size > limit) {
            log.warn("the cache {} holds {} bytes of files that are in use, {} more than it should; set"
                    + " ATELIER_CACHE_SIZE higher if bundles come and go", folder, size, size - limit);
        }
    }

    private List<Kept> files() throws IOException {
        var files = new ArrayList<Kept>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && !file.toString().endsWith(BundleCache.PART)) {
                    files.add(new Kept(file, attributes.size(), attributes.lastModifiedTime()));
                }
                return FileVisitResult.CONTINUE;
            }

            /** Another worker moves and removes files meanwhile. */
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
        return files;
    }
}
