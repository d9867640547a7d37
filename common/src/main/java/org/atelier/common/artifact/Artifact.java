package org.atelier.common.artifact;

/**
 * A reference to a blob: what a request names as input and a manifest lists as result. The bytes lie in the store under
 * the digest; the reference never changes.
 *
 * @param name      file name for people, unique in its manifest, for example {@code after.png}
 * @param digest    SHA-256 of the bytes
 * @param size      number of bytes
 * @param mediaType for example {@code image/png}
 */
public record Artifact(String name, Digest digest, long size, String mediaType) {
    /** PNG pictures. */
    public static final String PNG = "image/png";
    /** Tensors: latents, checkpoints, weights. */
    public static final String SAFETENSORS = "application/vnd.safetensors";
    /** Loss curves, tables. */
    public static final String JSON = "application/json";
}
