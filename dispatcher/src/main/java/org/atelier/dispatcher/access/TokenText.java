package org.atelier.dispatcher.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

import org.atelier.common.artifact.Digest;

/**
 * A token as its owner has it: {@code atl_<id>_<secret>}. The prefix lets scanners of source code find one that was
 * checked in. A secret has 256 random bits, so a plain digest of it cannot be turned back.
 *
 * @param id     which token
 * @param secret the proof
 */
record TokenText(String id, String secret) {
    private static final String PREFIX = "atl_";
    private static final int ID_BYTES = 8;
    private static final int SECRET_BYTES = 32;
    private static final Pattern SHAPE = Pattern.compile(PREFIX + "([0-9a-f]{16})_([A-Za-z0-9_-]{43})");

    static TokenText random(SecureRandom random) {
        var id = new byte[ID_BYTES];
        var secret = new byte[SECRET_BYTES];
        random.nextBytes(id);
        random.nextBytes(secret);
        return new TokenText(HexFormat.of().formatHex(id), Base64.getUrlEncoder().withoutPadding().encodeToString(
                secret));
    }

    static Optional<TokenText> parse(String text) {
        var matcher = SHAPE.matcher(text);
        return matcher.matches() ? Optional.of(new TokenText(matcher.group(1), matcher.group(2))) : Optional.empty();
    }

    static boolean isId(String text) {
        return text.matches("[0-9a-f]{16}");
    }

    String hash() {
        return hash(secret);
    }

    static String hash(String secret) {
        return Digest.of(secret.getBytes(StandardCharsets.UTF_8)).hex();
    }

    /** Whether this is the secret of that hash; takes the same time whatever differs. */
    boolean proves(String hash) {
        return MessageDigest.isEqual(HexFormat.of().parseHex(hash()), HexFormat.of().parseHex(hash));
    }

    /** The whole token. */
    String text() {
        return PREFIX + id + "_" + secret;
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return PREFIX + id;
    }
}
