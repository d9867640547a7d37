package org.atelier.common.store;

import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The blobs and documents of the fleet, by key.
 *
 * <p>The only condition used anywhere is {@link #createIfAbsent create if absent} on small objects: every serious store
 * has it, while compare-and-swap is not atomic on some.
 *
 * <p>Every method may throw {@link StoreException} when the store cannot be reached or refuses; nothing is known then
 * about whether a write took place. Implementations are safe for use by several threads.
 */
public interface ObjectStore extends AutoCloseable {
    /** Largest object that may be created conditionally, in bytes: conditions are lost by multipart uploads. */
    int MAX_CONDITIONAL = 4 << 20;

    /**
     * Creates an object unless its key is taken.
     *
     * <p>Where the answer of the store was lost and the request was sent again, an object that holds exactly these bytes
     * counts as created: bodies of documents that race carry a token of their writer.
     *
     * @param body at most {@link #MAX_CONDITIONAL} bytes
     * @return true if the object is there and holds this body, false if the key is taken by another
     */
    boolean createIfAbsent(String key, byte[] body, String mediaType);

    /** Writes an object, whatever was there. */
    void put(String key, byte[] body, String mediaType);

    /** Writes a file as an object, whatever was there. */
    void put(String key, Path file, String mediaType);

    /**
     * Makes an object as young as one that is written now, without its bytes passing through here: its last modification is
     * then now, by the store's clock. Whoever relies on an object that somebody else wrote, long ago perhaps, touches it
     * first.
     *
     * @return false if there is no such object
     */
    boolean touch(String key);

    /** The bytes of a small object, or empty if there is none. */
    Optional<byte[]> get(String key);

    /**
     * The bytes of an object of any size; the caller closes the stream.
     *
     * @throws NoSuchObjectException if there is none
     */
    InputStream open(String key);

    /** What is known of an object without reading it, or empty if there is none. */
    Optional<StoredObject> stat(String key);

    /** All objects whose keys start with the prefix, in the order of their keys; the caller closes the stream. */
    Stream<StoredObject> list(String prefix);

    /** Removes an object; it is no error if there is none. */
    void delete(String key);

    /**
     * A URL under which anyone can read the object for a while, at the store's public address.
     *
     * @param fileName what a browser should call the download
     */
    URI presignGet(String key, Duration validity, String fileName);

    /**
     * A URL to which anyone can write the object, with the method {@code PUT}, for a while, at the store's public address.
     */
    URI presignPut(String key, Duration validity);

    @Override
    void close();
}
