package org.atelier.common.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Whose word is taken for who a dispatcher is, where that is none of the authorities that everybody trusts. */
public final class Trust {
    private Trust() {}

    /**
     * Trust in some authorities, and in no others.
     *
     * @param authorities PEM file with their certificates
     * @throws UncheckedIOException     if it cannot be read
     * @throws IllegalArgumentException if it holds no certificate
     */
    public static SSLContext in(Path authorities) {
        try (var in = Files.newInputStream(authorities)) {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority-" + store.size(), certificate);
            }
            if (store.size() == 0) {
                throw new IllegalArgumentException(authorities + " holds no certificate");
            }
            var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot be read: " + authorities, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(authorities + " holds no certificates as PEM: " + e.getMessage(), e);
        }
    }
}
