package org.atelier.dispatcher.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import nl.altindag.ssl.SSLFactory;
import nl.altindag.ssl.pem.util.PemUtils;
import nl.altindag.ssl.util.SSLFactoryUtils;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificates for the connector, read again when their files change: they are renewed every few weeks while streams of events
 * are open, which keep the old ones.
 */
final class Tls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);
    /** Renewals are days ahead of the end. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(30);

    private final TlsSettings settings;
    private final SSLFactory factory;
    private final ScheduledExecutorService looker = Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name(
            "tls").factory());
    private List<FileTime> read;

    /** @throws IllegalStateException if the files cannot be used; the message names the settings */
    Tls(TlsSettings settings) {
        this.settings = settings;
        this.read = changes();
        this.factory = load(settings, SSLFactory.builder().withSwappableIdentityMaterial()
                .withSwappableTrustMaterial());
        looker.scheduleWithFixedDelay(this::reloadIfChanged, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private static SSLFactory load(TlsSettings settings, SSLFactory.Builder builder) {
        try {
            builder.withIdentityMaterial(PemUtils.loadIdentityMaterial(settings.certificate(), settings.key()));
            settings.clientAuthority().ifPresentOrElse(file -> builder.withTrustMaterial(PemUtils.loadTrustMaterial(
                    file)), builder::withDefaultTrustMaterial);
            var factory = builder.build();
            factory.getKeyManager().ifPresent(KeyPairs::check);
            return factory;
        } catch (RuntimeException e) { // the library wraps what it meets in exceptions of its own
            throw new IllegalStateException("The files of " + TlsSettings.CERTIFICATE.key() + ", " + TlsSettings.KEY
                    .key() + " and " + TlsSettings.CLIENT_AUTHORITY.key() + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** For Jetty. */
    SslContextFactory.Server contextFactory() {
        var context = new SslContextFactory.Server();
        context.setSslContext(factory.getSslContext());
        context.setIncludeProtocols(factory.getProtocols().toArray(String[]::new));
        context.setIncludeCipherSuites(factory.getCiphers().toArray(String[]::new));
        context.setNeedClientAuth(settings.clientAuthority().isPresent());
        return context;
    }

    /** Looks at the files; new connections get what is in them. Files that cannot be used change nothing. */
    void reloadIfChanged() {
        try {
            var now = changes();
            if (!now.equals(read)) {
                SSLFactoryUtils.reload(factory, load(settings, SSLFactory.builder()));
                read = now;
                LOG.info("{} was read again; new connections get the new certificate", settings.certificate());
            }
        } catch (RuntimeException e) {
            LOG.warn("the changed certificate cannot be used, so that the old one stays until it runs out ({})", e
                    .toString());
        }
    }

    private List<FileTime> changes() {
        return Stream.concat(Stream.of(settings.certificate(), settings.key()), settings.clientAuthority().stream())
                .map(Tls::changed)
                .toList();
    }

    private static FileTime changed(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot be read: " + file, e);
        }
    }

    @Override
    public void close() {
        looker.shutdownNow();
    }
}
