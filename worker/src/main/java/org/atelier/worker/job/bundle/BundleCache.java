package org.atelier.worker.job.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Set;

import org.atelier.common.artifact.Digest;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.bundle.BundleCatalog;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.StoreException;
import org.atelier.common.store.StoreKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of bundles, by digest, in a folder that several workers of a machine may share. A file appears by an atomic
 * rename, whole and checked; two workers that fetch the same one both succeed.
 *
 * <p>A file that is there already is checked once in the life of a process, because a damaged weight gives a wrong
 * picture and no error.
 */
public final class BundleCache {
    private static final Logger log = LoggerFactory.getLogger(BundleCache.class);

    private final ObjectStore store;
    private final BundleCatalog catalog;
    private final Path folder;
    private final Set<Digest> checked = new HashSet<>();

    /**
     * A cache in a folder, which is made when it is first needed.
     *
     * @param store where bundles are fetched from
     */
    public BundleCache(ObjectStore store, Path folder) {
        this.store = store;
        this.catalog = new BundleCatalog(store);
        this.folder = folder;
    }

    /**
     * A bundle version with all its files.
     *
     * @param reference {@code name@version}
     * @throws JobException MODEL_NOT_FOUND if the store has no such bundle, INPUT_UNREADABLE if a file of it is damaged in
     *                      the store, STORAGE_UNAVAILABLE if the store does not answer, INTERNAL if the folder cannot be
     *                      written
     */
    public synchronized LocalBundle get(String reference) {
        var card = catalog.find(reference)
                .orElseThrow(() -> new JobException(ErrorCategory.MODEL_NOT_FOUND, "The store has no bundle "
                        + reference + ". Upload it again, or name another one."));
        var files = new LinkedHashMap<String, Path>();
        card.files().forEach((name, sha256) -> files.put(name, file(card, name, new Digest(sha256))));
        return new LocalBundle(card, files);
    }

    private Path file(BundleCard card, String name, Digest digest) {
        var path = folder.resolve("sha256").resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
        if (!checked.contains(digest)) {
            try {
                if (!isWhole(path, digest)) {
                    fetch(StoreKeys.bundleFile(card.name(), card.version(), name), digest, path);
                }
            } catch (IOException e) {
                throw new JobException(ErrorCategory.INTERNAL, "The file " + name + " of " + card.reference()
                        + " could not be kept in " + folder
                        + "; make sure that the folder can be written and has room ("
                        + e + ").", e);
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
        var part = Files.createTempFile(path.getParent(), digest.hex(), ".part");
        try {
            var actual = download(key, part);
            if (!actual.equals(digest)) {
                throw new JobException(ErrorCategory.INPUT_UNREADABLE, "The object \"" + key
                        + "\" is damaged: its card says "
                        + digest + ", its bytes have " + actual + ". Upload the bundle again under a new version.");
            }
            Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            log.info("fetched {} ({} bytes)", key, Files.size(path));
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private Digest download(String key, Path part) throws IOException {
        var sha = Digest.sha256();
        try (var in = new DigestInputStream(store.open(key), sha); var out = Files.newOutputStream(part)) {
            var buffer = new byte[1 << 16];
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
