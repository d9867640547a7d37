package org.atelier.common.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A SHA-256, the name of a blob. Written {@code sha256:} and 64 lower-case hexadecimal digits.
 *
 * @param hex the 64 digits
 */
public record Digest(String hex) {
    /** What every written digest starts with. */
    public static final String PREFIX = "sha256:";

    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
    private static final int BUFFER = 1 << 16;

    public Digest {
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException("not a SHA-256 (64 lower-case hexadecimal digits): " + hex);
        }
    }

    /**
     * Reads a written digest.
     *
     * @throws IllegalArgumentException if it is not one
     */
    @JsonCreator
    public static Digest parse(String text) {
        if (!text.startsWith(PREFIX)) {
            throw new IllegalArgumentException("a digest starts with \"" + PREFIX + "\": " + text);
        }
        return new Digest(text.substring(PREFIX.length()));
    }

    /** The digest of bytes in memory. */
    public static Digest of(byte[] bytes) {
        var sha = sha256();
        sha.update(bytes);
        return finish(sha);
    }

    /** The digest of a file, read once from start to end. */
    public static Digest of(Path file) {
        try (var in = Files.newInputStream(file)) {
            return of(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The digest of the rest of a stream; does not close it. */
    public static Digest of(InputStream in) throws IOException {
        var sha = sha256();
        var buffer = new byte[BUFFER];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            sha.update(buffer, 0, n);
        }
        return finish(sha);
    }

    /** The digest that a {@link MessageDigest} from {@link #sha256()} has gathered. */
    public static Digest finish(MessageDigest sha) {
        return new Digest(HexFormat.of().formatHex(sha.digest()));
    }

    /** A fresh SHA-256. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    @JsonValue
    public String toString() {
        return PREFIX + hex;
    }
}
