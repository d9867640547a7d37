package org.atelier.common.store;

import java.util.List;

import org.atelier.common.artifact.Digest;

/**
 * {@code condemned.json}: the blobs that are being removed at this moment. Whoever removes blobs creates it, looks at the age
 * of each blob only then, removes those that are old, and deletes it at last.
 *
 * <p>Whoever writes or touches a blob looks here afterwards, and then whether the blob is there. If it is listed, it may be
 * about to go, and if it is not there it has gone in between: it is not relied on and written again. Otherwise whoever is
 * to list it looks at its age later than this, finds it young and spares it.
 *
 * @param token   of whoever removes them, never used twice
 * @param digests the blobs
 */
public record Condemned(String token, List<Digest> digests) {}
