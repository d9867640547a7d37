package org.atelier.local.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** An authority that certifies servers and clients, by the JDK's own keytool. Files are PEM, as Kafka and cert-manager have them. */
final class Authority {
    private static final String CA = "ca";
    private static final String PASSWORD = "of a test";

    private final Path folder;
    private final Path store;
    private int certified;

    /** Makes an authority; its certificate is {@code ca.crt} in the folder. */
    Authority(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        this.store = folder.resolve("authority.p12");
        keytool(CA, CA, List.of("-ext", "bc:critical=ca:true"));
        Files.writeString(folder.resolve("ca.crt"), pem("CERTIFICATE", chain(CA)[0]));
    }

    /** Certifies somebody, who gets {@code <name>.pem}: key, certificate and chain. Reachable as 127.0.0.1, if it is a server. */
    Path certify(String name) throws IOException, InterruptedException {
        var alias = name + "-" + certified++;
        keytool(alias, name, List.of("-signer", CA, "-ext", "SAN=ip:127.0.0.1"));
        try {
            var key = load().getKey(alias, PASSWORD.toCharArray());
            return Files.writeString(folder.resolve(name + ".pem"), pem("PRIVATE KEY", key.getEncoded()) + Arrays
                    .stream(chain(alias)).map(each -> pem("CERTIFICATE", each)).collect(Collectors.joining()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("keytool's own store cannot be read", e);
        }
    }

    private void keytool(String alias, String name, List<String> more) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1", "-genkeypair", "-alias", alias, "-keyalg", "EC", "-dname", "CN=" + name,
                "-validity", "2", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD));
        command.addAll(more);
        if (new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(folder.resolve("keytool.log").toFile())
                .start().waitFor() != 0) {
            throw new IOException("keytool made no certificate: " + Files.readString(folder.resolve("keytool.log")));
        }
    }

    private byte[][] chain(String alias) {
        try {
            var chain = new ArrayList<byte[]>();
            for (Certificate certificate : load().getCertificateChain(alias)) {
                chain.add(certificate.getEncoded());
            }
            return chain.toArray(byte[][]::new);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("keytool's own store cannot be read", e);
        }
    }

    private KeyStore load() throws GeneralSecurityException {
        try (var in = Files.newInputStream(store)) {
            var keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            return keys;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(der)
                + "\n-----END " + kind + "-----\n";
    }
}
