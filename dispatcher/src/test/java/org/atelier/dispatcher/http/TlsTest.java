package org.atelier.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

import org.atelier.common.client.ApiConnection;
import org.atelier.common.client.Trust;
import org.atelier.common.client.UnreachableException;
import org.atelier.dispatcher.access.AccessSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    @TempDir
    private Path folder;

    private static int jobs(ApiFixture api, SSLContext trust) throws InterruptedException {
        var url = URI.create("https://127.0.0.1:" + api.to("/").build().uri().getPort());
        try (var client = new ApiConnection(url, Optional.empty(), trust)) {
            return client.get("/v1/jobs").path("jobs").size();
        }
    }

    private ApiFixture api(TestCertificate certificate, Optional<Path> clientAuthority) {
        return new ApiFixture(folder, AccessSettings.OPEN, Optional.of(new TlsSettings(certificate.certificate(),
                certificate.key(), clientAuthority)));
    }

    @Test
    void theApiShowsItsCertificateToThoseWhoTrustItAndToNobodyElse() throws Exception {
        var certificate = TestCertificate.make(folder, "server");
        var stranger = TestCertificate.make(folder, "stranger");
        try (var api = api(certificate, Optional.empty())) {
            assertThat(jobs(api, Trust.in(certificate.certificate()))).isZero();
            assertThatThrownBy(() -> jobs(api, Trust.in(stranger.certificate()))).isInstanceOf(
                    UnreachableException.class).hasRootCauseMessage(
                            "unable to find valid certification path to requested target");
        }
    }

    @Test
    void aClientHasToShowACertificateWhereThatIsAsked() throws Exception {
        var server = TestCertificate.make(folder, "server");
        var client = TestCertificate.make(folder, "client");
        var stranger = TestCertificate.make(folder, "stranger");
        try (var api = api(server, Optional.of(client.certificate()))) {
            assertThat(jobs(api, client.clientOf(server))).isZero();
            assertThatThrownBy(() -> jobs(api, stranger.clientOf(server))).isInstanceOf(UnreachableException.class)
                    .hasCauseInstanceOf(SSLException.class);
            assertThatThrownBy(() -> jobs(api, Trust.in(server.certificate()))).isInstanceOf(
                    UnreachableException.class).hasCauseInstanceOf(SSLException.class);
        }
    }

    @Test
    void aRenewedCertificateIsShownWithoutARestart() throws Exception {
        var old = TestCertificate.make(folder, "old");
        var renewed = TestCertificate.make(folder, "renewed");
        try (var tls = new Tls(new TlsSettings(old.certificate(), old.key(), Optional.empty()))) {
            var before = shown(tls);
            tls.reloadIfChanged();
            assertThat(shown(tls)).as("nothing changed").isEqualTo(before);

            replace(renewed.certificate(), old.certificate());
            tls.reloadIfChanged();
            assertThat(shown(tls)).as("the key does not fit yet").isEqualTo(before);
            replace(renewed.key(), old.key());
            tls.reloadIfChanged();

            assertThat(shown(tls)).isNotEqualTo(before).isEqualTo("CN=renewed");
        }
    }

    private static void replace(Path by, Path file) throws Exception {
        Files.copy(by, file, StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));
    }

    /** The name that a handshake shows, over two engines and no network. */
    private static String shown(Tls tls) throws Exception {
        return Handshake.nameShownBy(tls.contextFactory().getSslContext());
    }

    @Test
    void filesThatAreNoneAreNamed() throws Exception {
        var certificate = TestCertificate.make(folder, "server");
        var settings = new TlsSettings(certificate.key(), certificate.certificate(), Optional.empty());

        assertThatThrownBy(() -> new Tls(settings)).isInstanceOf(IllegalStateException.class).hasMessageContaining(
                "ATELIER_TLS_CERTIFICATE");
    }
}
