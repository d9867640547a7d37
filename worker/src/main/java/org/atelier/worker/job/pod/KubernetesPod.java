package org.atelier.worker.job.pod;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The worker's own pod, by the API server, with the token that Kubernetes mounts. One request of one kind needs no client library.
 */
public final class KubernetesPod implements AutoCloseable {
    /** Where the API server is, by a name that every cluster has. */
    public static final URI SERVER = URI.create("https://kubernetes.default.svc");
    /** Where Kubernetes mounts token, authority and namespace. */
    public static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int OK = 200;

    private final URI server;
    private final Path account;
    private final String name;
    private final HttpClient client;

    /**
     * @param server  address of the API server
     * @param account folder with {@code token}, {@code ca.crt} and {@code namespace}
     * @param name    of the pod
     * @throws IOException if the folder does not hold what it must: the message says what to do
     */
    public KubernetesPod(URI server, Path account, String name) throws IOException {
        this.server = server;
        this.account = account;
        this.name = name;
        try {
            this.client = HttpClient.newBuilder().connectTimeout(TIMEOUT).sslContext(trusting(account.resolve(
                    "ca.crt"))).build();
        } catch (IOException | GeneralSecurityException e) {
            throw new IOException("there is no service account in " + account + " (" + e.getMessage() + "); set "
                    + PodSettings.DELETION_COST.key() + " in pods only whose token is mounted"
                    + " (automountServiceAccountToken)", e);
        }
    }

    private static SSLContext trusting(Path authorities) throws IOException, GeneralSecurityException {
        var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (var file = Files.newInputStream(authorities)) {
            int number = 0;
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
                trusted.setCertificateEntry("authority-" + number++, certificate);
            }
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /**
     * Says what the end of the pod would cost: of several the one with the lowest goes first.
     *
     * @throws IOException if the API server does not take it
     */
    public void deletionCost(int cost) throws IOException, InterruptedException {
        // The token is read each time: Kubernetes replaces it every hour.
        var request = HttpRequest.newBuilder(server.resolve("/api/v1/namespaces/" + text("namespace") + "/pods/"
                + name))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + text("token"))
                .header("Content-Type", "application/merge-patch+json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(
                        "{\"metadata\":{\"annotations\":{\"controller.kubernetes.io/pod-deletion-cost\":\"" + cost
                                + "\"}}}"))
                .build();
        var response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() != OK) {
            throw new IOException("the API server answered " + response.statusCode() + ": " + response.body());
        }
    }

    private String text(String file) throws IOException {
        return Files.readString(account.resolve(file)).strip();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
