package org.atelier.dispatcher.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.stream.Stream;

import javax.net.ssl.X509ExtendedKeyManager;

/** Whether a private key belongs to a certificate: files that are replaced one after the other do not fit for a moment. */
final class KeyPairs {
    private static final byte[] WORDS = "is this key yours?".getBytes(StandardCharsets.UTF_8);

    private KeyPairs() {}

    /** @throws IllegalArgumentException if a key manager's key belongs to another certificate than the one it shows */
    static void check(X509ExtendedKeyManager keys) {
        var fits = Stream.of("EC", "RSA", "EdDSA", "Ed25519")
                .map(type -> keys.chooseEngineServerAlias(type, null, null))
                .filter(alias -> alias != null)
                .anyMatch(alias -> fit(keys.getPrivateKey(alias), keys.getCertificateChain(alias)[0]));
        if (!fits) {
            throw new IllegalArgumentException("the key is not that of the certificate");
        }
    }

    private static boolean fit(PrivateKey key, X509Certificate certificate) {
        try {
            var algorithm = switch (key.getAlgorithm()) {
                case "EC" -> "SHA256withECDSA";
                case "RSA" -> "SHA256withRSA";
                default -> key.getAlgorithm();
            };
            var signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(WORDS);
            var signed = signature.sign();
            signature.initVerify(certificate);
            signature.update(WORDS);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the key cannot be used with the certificate: " + e.getMessage(), e);
        }
    }
}
