package org.atelier.common.bundle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.json.Json;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.StoreKeys;

/** Puts a bundle folder into the store. */
public final class BundleUpload {
    private static final String BINARY = "application/octet-stream";

    private final ObjectStore store;

    public BundleUpload(ObjectStore store) {
        this.store = store;
    }

    /**
     * Stores every file that the card names, and the card last: a bundle that can be found is complete. A version that is
     * there already is left as it is.
     *
     * @param folder with {@code bundle.json} and the files that it names
     * @return the card
     * @throws IllegalArgumentException if a file has not the digest of the card, or if the store holds another bundle
     *                                  under this name and version
     */
    public BundleCard upload(Path folder) {
        var bytes = read(folder.resolve(BundleCard.FILE));
        var card = Json.read(bytes, BundleCard.class);
        var cardKey = StoreKeys.bundleFile(card.name(), card.version(), BundleCard.FILE);
        if (store.stat(cardKey).isEmpty()) {
            card.files().forEach((file, sha256) -> put(card, folder.resolve(file), file, new Digest(sha256)));
        }
        if (!store.createIfAbsent(cardKey, bytes, Artifact.JSON)) {
            throw new IllegalArgumentException("The store holds another bundle as " + card.reference()
                    + "; a version never changes: give this one a new version.");
        }
        return card;
    }

    private void put(BundleCard card, Path path, String file, Digest expected) {
        var actual = Digest.of(path);
        if (!actual.equals(expected)) {
            throw new IllegalArgumentException(path + " has " + actual + ", but the card says " + expected
                    + ": the file or the card is damaged.");
        }
        store.put(StoreKeys.bundleFile(card.name(), card.version(), file), path,
                Map.of("safetensors", Artifact.SAFETENSORS, "json", Artifact.JSON).getOrDefault(extension(file),
                        BINARY));
    }

    private static String extension(String file) {
        return file.substring(file.lastIndexOf('.') + 1);
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("a bundle folder has a " + BundleCard.FILE, e);
        }
    }
}
