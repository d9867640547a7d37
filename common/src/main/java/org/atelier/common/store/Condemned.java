package org.atelier.common.store;

import java.util.List;

import org.atelier.common.artifact.Digest;

/**
 * {@code condemned.json}: the blobs that are being removed at this moment. Created once by whoever removes them, and deleted
 * when it has. Whoever writes or touches a blob looks here afterwards: either it finds the blob listed and does not rely on
 * it, or whoever lists it later finds it young and spares it.
 *
 * @param token   of whoever removes them, never used twice
 * @param digests the blobs
 */
public record Condemned(String token, List<Digest> digests) {}
