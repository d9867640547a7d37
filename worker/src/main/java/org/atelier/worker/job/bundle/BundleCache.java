package org.atelier.worker.job.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

import org.atelier.common.artifact.Digest;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.bundle.BundleCatalog;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.json.Json;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.StoreException;
import org.atelier.common.store.StoreKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bundles in a folder that several workers of a machine may share. Files lie under their digests, once whatever the number
 * of bundles that have them; a bundle's own folder has links to them. A file appears by an atomic rename, whole and checked;
 * two workers that fetch the same one both succeed.
 *
 * <p>A file that is there already is checked once in the life of a process, because a damaged weight gives a wrong
 * picture and no error.
 */
public final class BundleCache {
    private static final Logger log = LoggerFactory.getLogger(BundleCache.class);

    /** Names become paths: nothing may lead out of the folder. */
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final int BUFFER = 1 << 16;
    private static final String FILES = "sha256";
    /** Ends the name of a file that is being written. */
    static final String PART = ".part";

    private final ObjectStore store;
    private final BundleCatalog catalog;
    private final Path folder;
    private final CacheSpace space;
    private final Set<Digest> checked = new HashSet<>();

    /** A cache without a limit in a folder, which is made when it is first needed. */
    public BundleCache(ObjectStore store, Path folder) {
        this(store, folder, Long.MAX_VALUE, Clock.systemUTC());
    }

    /**
     * A cache in a folder, which is made when it is first needed.
     *
     * @param store where bundles are fetched from
     * @param limit of the files of all bundles together, in bytes: those used longest ago are removed
     * @param clock that tells when a file was used
     */
    public BundleCache(ObjectStore store, Path folder, long limit, Clock clock) {
        this.store = store;
        this.catalog = new BundleCatalog(store);
        this.folder = folder.toAbsolutePath();
        this.space = new CacheSpace(this.folder.resolve(FILES), limit, clock);
    }

    /**
     * A bundle version with all its files.
     *
     * @param reference {@code name@version}
     * @throws JobException MODEL_NOT_FOUND if the store has no such bundle, INPUT_UNREADABLE if it is damaged in the store,
     *                      STORAGE_UNAVAILABLE if the store does not answer, INTERNAL if the folder cannot be written
     */
    public synchronized LocalBundle get(String reference) {
        var card = catalog.find(reference)
                .orElseThrow(() -> new JobException(ErrorCategory.MODEL_NOT_FOUND, "The store has no bundle "
                        + reference + ". Upload it again, or name another one."));
        requireFileName(card.name(), card);
        requireFileName(card.version(), card);
        var bundle = folder.resolve("bundles").resolve(card.name()).resolve(card.version());
        try {
            Files.createDirectories(bundle);
            var needed = new HashSet<Path>();
            for (var file : card.files().entrySet()) {
                requireFileName(file.getKey(), card);
                var path = file(card, file.getKey(), new Digest(file.getValue()));
                needed.add(path);
                link(bundle.resolve(file.getKey()), path);
            }
            space.shrink(needed);
            var part = Files.write(part(bundle), Json.bytes(card));
            Files.move(part, bundle.resolve(BundleCard.FILE), StandardCopyOption.ATOMIC_MOVE);
            return new LocalBundle(card, bundle);
        } catch (IOException e) {
            throw new JobException(ErrorCategory.INTERNAL, "The bundle " + reference + " could not be kept in " + folder
                    + "; make sure that the folder can be written and has room (" + e + ").", e);
        }
    }

    private static void requireFileName(String name, BundleCard card) {
        if (!FILE_NAME.matcher(name).matches()) {
            throw new JobException(ErrorCategory.INPUT_UNREADABLE, "The card of " + card.reference() + " has \"" + name
                    + "\", which is no name of a file. Upload the bundle again under a new version.");
        }
    }

    /** A file that no other worker writes. */
    private static Path part(Path folder) throws IOException {
        return Files.createTempFile(folder, "", PART);
    }

    /** Links are relative: the folder may be mounted elsewhere for another worker. */
    private static void link(Path link, Path target) throws IOException {
        var relative = link.getParent().relativize(target);
        if (leadsTo(link, relative)) {
            return;
        }
        try {
            Files.createSymbolicLink(link, relative);
        } catch (UnsupportedOperationException | IOException e) {
            if (!leadsTo(link, relative)) {
                log.debug("{} becomes a copy, because no link can be made", link, e);
                replace(link, target);
            }
        }
    }

    private static boolean leadsTo(Path link, Path target) throws IOException {
        return Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target);
    }

    private static void replace(Path copy, Path source) throws IOException {
        var part = part(copy.getParent());
        Files.copy(source, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, copy, StandardCopyOption.ATOMIC_MOVE);
    }

    private Path file(BundleCard card, String name, Digest digest) throws IOException {
        var path = folder.resolve(FILES).resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
        if (Files.exists(path)) {
            // Before it is read: another worker must not remove it meanwhile.
            space.used(path);
        }
        if (!checked.contains(digest) || !Files.exists(path)) {
            if (!isWhole(path, digest)) {
                fetch(StoreKeys.bundleFile(card.name(), card.version(), name), digest, path);
            }
            checked.add(digest);
        }
        return path;
    }

    private static boolean isWhole(Path path, Digest digest) throws IOException {
        if (!Files.exists(path)) {
            return false;
        }
        try (var in = Files.newInputStream(path)) {
            if (Digest.of(in).equals(digest)) {
                return true;
            }
        }
        log.warn("{} is damaged and is fetched again", path);
        return false;
    }

    private void fetch(String key, Digest digest, Path path) throws IOException {
        Files.createDirectories(path.getParent());
        var part = part(path.getParent());
        try {
            var actual = download(key, part);
            if (!actual.equals(digest)) {
                throw new JobException(ErrorCategory.INPUT_UNREADABLE, "The object \"" + key
                        + "\" is damaged: its card says " + digest + ", its bytes have " + actual
                        + ". Upload the bundle again under a new version.");
            }
            space.used(part);
            Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
            log.info("fetched {} ({} bytes)", key, Files.size(path));
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private Digest download(String key, Path part) throws IOException {
        var sha = Digest.sha256();
        try (var in = new DigestInputStream(store.open(key), sha); var out = Files.newOutputStream(part)) {
            var buffer = new byte[BUFFER];
            for (int n = read(key, in, buffer); n >= 0; n = read(key, in, buffer)) {
                out.write(buffer, 0, n);
            }
        }
        return Digest.finish(sha);
    }

    /** A store that breaks off is not a disk that is full. */
    private static int read(String key, DigestInputStream in, byte[] buffer) {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw new StoreException("The store broke off while \"" + key + "\" was read (" + e + ").", e);
        }
    }
}
