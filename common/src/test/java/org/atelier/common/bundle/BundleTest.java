package org.atelier.common.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import org.atelier.common.store.MemoryObjectStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {
    private static final Path AVATAR = Path.of("..", "models", "avatar-128");

    private final MemoryObjectStore store = new MemoryObjectStore();

    @Test
    void uploadsWhatTheCardNamesAndFindsItAgain() {
        var card = new BundleUpload(store).upload(AVATAR);

        assertThat(card.reference()).isEqualTo("avatar-128@3");
        assertThat(card.latentRows()).isEqualTo(12);
        assertThat(store.keys()).contains("bundles/avatar-128/3/bundle.json",
                "bundles/avatar-128/3/generator.safetensors",
                "bundles/avatar-128/3/vocab.json", "bundles/avatar-128/3/merges.txt")
                .noneMatch(key -> key.contains("expected"));
        var catalog = new BundleCatalog(store);
        assertThat(catalog.find("avatar-128")).contains(card);
        assertThat(catalog.find("avatar-128@3")).contains(card);
        assertThat(catalog.find("avatar-128@1")).isEmpty();
        assertThat(catalog.find("avatar")).isEmpty();
    }

    @Test
    void uploadingTwiceChangesNothing() {
        new BundleUpload(store).upload(AVATAR);
        var keys = store.keys();

        new BundleUpload(store).upload(AVATAR);

        assertThat(store.keys()).isEqualTo(keys);
    }

    @Test
    void aNameWithoutAVersionMeansTheOneStoredLast() {
        var now = new AtomicReference<>(Instant.EPOCH);
        var store = new MemoryObjectStore(((InstantSource) now::get).withZone(ZoneOffset.UTC));
        store.put("bundles/faces/2/bundle.json", card("faces", "2"), "application/json");
        now.set(Instant.EPOCH.plusSeconds(1));
        store.put("bundles/faces/10/bundle.json", card("faces", "10"), "application/json");
        store.put("bundles/faces-2/1/bundle.json", card("faces-2", "1"), "application/json");

        assertThat(new BundleCatalog(store).find("faces")).get().extracting(BundleCard::version).isEqualTo("10");
        assertThat(new BundleCatalog(store).all()).extracting(BundleCard::reference)
                .containsExactly("faces-2@1", "faces@10", "faces@2");
    }

    @Test
    void aDamagedFileIsNotUploaded(@TempDir Path folder) throws Exception {
        copy(AVATAR, folder);
        Files.write(folder.resolve("reader.safetensors"), new byte[]{1});

        assertThatThrownBy(() -> new BundleUpload(store).upload(folder)).hasMessageContaining(
                "the file or the card is damaged");
        assertThat(new BundleCatalog(store).find("avatar-128")).as("incomplete, so not there").isEmpty();
    }

    @Test
    void aVersionNeverChanges(@TempDir Path folder) throws Exception {
        new BundleUpload(store).upload(AVATAR);
        copy(AVATAR, folder);
        var card = folder.resolve("bundle.json");
        Files.writeString(card, Files.readString(card).replace("Cartoon", "Painted"));

        assertThatThrownBy(() -> new BundleUpload(store).upload(folder)).hasMessageContaining(
                "give this one a new version");
    }

    private static byte[] card(String name, String version) {
        return """
                {"name": "%s", "version": "%s", "title": "t", "licence": "l",
                 "generator": {"architecture": "stylegan2", "file": "g", "sha256": "%s"}}"""
                .formatted(name, version, "0".repeat(64))
                .getBytes();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
