package org.atelier.local.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.atelier.common.config.Secret;
import org.atelier.common.store.S3ObjectStore;
import org.atelier.common.store.StoreException;
import org.atelier.common.store.StoreProbe;
import org.atelier.common.store.StoreSettings;
import org.atelier.common.store.StoredObject;
import org.atelier.local.servers.TestServers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class LocalStoreIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String TEXT = "text/plain";

    @RegisterExtension
    static final FleetExtension FLEET = new FleetExtension();

    private S3ObjectStore store;

    @BeforeEach
    void connect() {
        store = new S3ObjectStore(FLEET.fleet().store().settings(), TIMEOUT);
    }

    @AfterEach
    void disconnect() {
        store.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void oneOfEightRacingCreatorsWins() {
        assertThatCode(() -> new StoreProbe(store).check()).doesNotThrowAnyException();
    }

    @Tag(TestServers.OWN)
    @Test
    void bucketIsThereFromTheStart() {
        assertThatCode(store::createBucket).doesNotThrowAnyException();
    }

    @Test
    void objectsAreWrittenFoundListedAndDeleted(@TempDir Path folder) throws IOException {
        var large = Files.write(folder.resolve("large"), new byte[11 << 20]);
        store.put("all/a", bytes("first"), TEXT);
        store.put("all/b/c", large, "application/octet-stream");

        assertThat(store.get("all/a")).hasValue(bytes("first"));
        assertThat(store.get("t/none")).isEmpty();
        assertThat(store.stat("all/b/c").orElseThrow().size()).isEqualTo(11 << 20);
        try (var objects = store.list("all/")) {
            assertThat(objects.map(StoredObject::key)).containsExactly("all/a", "all/b/c");
        }

        store.delete("all/a");
        assertThat(store.stat("all/a")).isEmpty();
    }

    @Test
    void whatIsTouchedIsYoungAgain(@TempDir Path folder) throws IOException {
        var file = Files.write(folder.resolve("file"), new byte[11 << 20]);
        for (var key : List.of("t/small", "t/large")) {
            if (key.equals("t/small")) {
                store.put(key, bytes("pixels"), "image/png");
            } else {
                store.put(key, file, "image/png");
            }
            var before = store.stat(key).orElseThrow();

            // The store tells whole seconds.
            await().until(() -> {
                assertThat(store.touch(key)).isTrue();
                return store.stat(key).orElseThrow().lastModified().isAfter(before.lastModified());
            });

            assertThat(store.stat(key).orElseThrow().size()).isEqualTo(before.size());
            try (var in = store.open(key)) {
                assertThat(in.readAllBytes()).isEqualTo(key.equals("t/small")
                        ? bytes("pixels")
                        : Files.readAllBytes(file));
            }
        }
        var connection = (HttpURLConnection) store.presignGet("t/small", TIMEOUT, "face.png").toURL().openConnection();
        assertThat(connection.getContentType()).as("its media type stays").isEqualTo("image/png");
        assertThat(store.touch("t/nobody")).isFalse();
    }

    @Test
    void presignedAddressNeedsNoCredentials() throws IOException {
        store.put("t/picture", bytes("pixels"), "image/png");

        var connection = (HttpURLConnection) store.presignGet("t/picture", TIMEOUT, "face.png").toURL()
                .openConnection();
        assertThat(connection.getResponseCode()).isEqualTo(200);
        assertThat(connection.getContentType()).isEqualTo("image/png");
        assertThat(connection.getHeaderField("Content-Disposition")).contains("face.png");
        assertThat(connection.getInputStream().readAllBytes()).isEqualTo(bytes("pixels"));
    }

    @Test
    void strangersAreRefused() {
        var known = FLEET.fleet().store().settings();
        var settings = new StoreSettings(known.endpoint(), known.endpoint(), known.region(), known.bucket(),
                known.accessKey(), new Secret("guessed"));
        try (var stranger = new S3ObjectStore(settings, TIMEOUT)) {
            assertThatThrownBy(() -> stranger.put("t/x", bytes("x"), TEXT)).isInstanceOf(StoreException.class)
                    .hasMessageContaining("SignatureDoesNotMatch");
        }
    }

    @Tag(TestServers.OWN)
    @Test
    void objectsSurviveAKilledStore() throws InterruptedException {
        var service = FLEET.fleet().store().service();
        store.put("t/kept", bytes("kept"), TEXT);
        assertThat(store.createIfAbsent("t/mine", bytes("me"), TEXT)).isTrue();

        service.process().kill();
        service.startAndAwait();

        assertThat(store.get("t/kept")).hasValue(bytes("kept"));
        assertThat(store.createIfAbsent("t/mine", bytes("other"), TEXT)).as("the key is still taken").isFalse();
    }
}
