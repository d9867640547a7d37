package org.atelier.common.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.json.Json;

/**
 * Blobs under their digests. Writing the same bytes twice is harmless; what is read is checked against its name, so that
 * a damaged blob is an error and never a wrong result.
 *
 * <p>A blob that nothing names is removed when it has not been written or touched for a while. One that is written is as
 * young as can be, also where the same bytes were there before: they are written again, which repairs them too where they
 * were damaged.
 */
public final class BlobStore {
    private final ObjectStore store;

    public BlobStore(ObjectStore store) {
        this.store = store;
    }

    /** Stores bytes. */
    public Artifact put(String name, byte[] bytes, String mediaType) {
        var digest = Digest.of(bytes);
        store.put(StoreKeys.blob(digest), bytes, mediaType);
        requireSpared(digest);
        return new Artifact(name, digest, bytes.length, mediaType);
    }

    /** Stores a file. */
    public Artifact put(String name, Path file, String mediaType) {
        var digest = Digest.of(file);
        store.put(StoreKeys.blob(digest), file, mediaType);
        requireSpared(digest);
        try {
            return new Artifact(name, digest, Files.size(file), mediaType);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Makes sure that a blob which somebody else wrote is not removed before a document names it.
     *
     * @return false if there is no such blob
     * @throws StoreException if it is being removed at this moment; a while later it is gone
     */
    public boolean rely(Digest digest) {
        if (!store.touch(StoreKeys.blob(digest))) {
            return false;
        }
        requireSpared(digest);
        return true;
    }

    /** Keeps a blob that no job names until {@code kept/<digest>.json} is deleted by hand. */
    public void keep(Artifact blob) {
        store.put(StoreKeys.kept(blob.digest()), Json.bytes(blob), Artifact.JSON);
    }

    /** Looked at after the write, list and then blob: see {@link Condemned}. */
    private void requireSpared(Digest digest) {
        var condemned = store.get(StoreKeys.CONDEMNED).map(bytes -> Json.read(bytes, Condemned.class));
        if (condemned.filter(list -> list.digests().contains(digest)).isPresent()
                || store.stat(StoreKeys.blob(digest)).isEmpty()) {
            throw new StoreException("The blob " + digest
                    + " is just being removed, because nothing named it for long; write it again in some seconds.",
                    null);
        }
    }

    /**
     * Reads a small blob.
     *
     * @throws NoSuchObjectException if it is not there
     * @throws JobException          INPUT_UNREADABLE if the bytes are not those of the digest
     */
    public byte[] get(Digest digest) {
        var bytes = store.get(StoreKeys.blob(digest))
                .orElseThrow(() -> new NoSuchObjectException(StoreKeys.blob(digest)));
        check(digest, Digest.of(bytes));
        return bytes;
    }

    /** Reads a blob of any size into a file, which is removed again if the bytes are not those of the digest. */
    public void download(Digest digest, Path file) {
        try (var in = store.open(StoreKeys.blob(digest))) {
            copyChecked(in, digest, file);
        } catch (IOException e) {
            throw new StoreException("The blob " + digest + " could not be read to its end (" + e + ").", e);
        }
    }

    /** Copies a stream into a file that must get this digest. */
    static void copyChecked(InputStream in, Digest expected, Path file) throws IOException {
        var sha = Digest.sha256();
        Files.copy(new DigestInputStream(in, sha), file);
        try {
            check(expected, Digest.finish(sha));
        } catch (JobException e) {
            Files.delete(file);
            throw e;
        }
    }

    private static void check(Digest expected, Digest actual) {
        if (!expected.equals(actual)) {
            throw new JobException(ErrorCategory.INPUT_UNREADABLE, "The blob " + expected
                    + " is damaged: its bytes have "
                    + actual + ". Upload it again, or restore the store from a backup.");
        }
    }
}
