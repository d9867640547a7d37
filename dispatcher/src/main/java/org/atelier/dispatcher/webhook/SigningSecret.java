package org.atelier.dispatcher.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.atelier.common.config.Secret;

/**
 * What a receiver recognises us by: a symmetric secret as Standard Webhooks writes it, {@code whsec_<base64>}.
 *
 * @param text the whole of it
 */
record SigningSecret(Secret text) {
    private static final String PREFIX = "whsec_";
    private static final Pattern SHAPE = Pattern.compile(PREFIX + "[A-Za-z0-9+/]{32,88}={0,2}");
    private static final String ALGORITHM = "HmacSHA256";
    /** The specification asks for 24 to 64. */
    private static final int BYTES = 32;

    SigningSecret {
        if (!SHAPE.matcher(text.reveal()).matches()) {
            throw new IllegalArgumentException("a secret is " + PREFIX + " and 24 to 64 bytes in Base64");
        }
    }

    static SigningSecret random(SecureRandom random) {
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new SigningSecret(new Secret(PREFIX + Base64.getEncoder().encodeToString(bytes)));
    }

    /**
     * The signature of a message: {@code v1,} and the HMAC-SHA256 of {@code id.timestamp.body}, in Base64.
     *
     * @param timestamp seconds since 1970
     */
    String sign(String id, long timestamp, byte[] body) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(text.reveal().substring(PREFIX.length())),
                    ALGORITHM));
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
