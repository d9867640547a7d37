package org.atelier.worker.job.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import org.atelier.common.artifact.Digest;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.store.MemoryObjectStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleCacheTest {
    private static final byte[] WEIGHTS = "weights".getBytes(StandardCharsets.UTF_8);
    private static final String KEY = "bundles/faces/1/generator.safetensors";

    @TempDir
    private Path folder;

    private final MemoryObjectStore store = new MemoryObjectStore();

    @BeforeEach
    void upload() {
        store.put("bundles/faces/1/bundle.json",
                ("""
                        {"name": "faces", "version": "1", "title": "t", "licence": "l", "generator": {"architecture": "stylegan2",
                         "file": "generator.safetensors", "sha256": "%s", "config": {}}}
                        """
                        .formatted(Digest.of(WEIGHTS).hex())).getBytes(StandardCharsets.UTF_8), "application/json");
        store.put(KEY, WEIGHTS, "application/octet-stream");
    }

    private BundleCache cache() {
        return new BundleCache(store, folder);
    }

    private List<Path> files() throws IOException {
        try (var paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void fetchesEveryFileOfTheCardWhole() throws IOException {
        var bundle = cache().get("faces@1");

        assertThat(bundle.card().reference()).isEqualTo("faces@1");
        assertThat(bundle.file("generator.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(files()).containsExactly(bundle.file("generator.safetensors"));
    }

    @Test
    void whatIsThereIsNotFetchedAgain() {
        cache().get("faces@1");
        store.delete(KEY);

        assertThat(cache().get("faces@1").file("generator.safetensors")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void aFileThatWasDamagedOnTheDiskIsFetchedAgain() throws IOException {
        var file = cache().get("faces@1").file("generator.safetensors");
        Files.write(file, new byte[]{0});

        assertThat(cache().get("faces@1").file("generator.safetensors")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void aFileThatIsDamagedInTheStoreIsNotKept() throws IOException {
        store.put(KEY, new byte[]{0}, "application/octet-stream");

        assertThatExceptionOfType(JobException.class).isThrownBy(() -> cache().get("faces@1"))
                .withMessageContaining(KEY)
                .extracting(JobException::category).isEqualTo(ErrorCategory.INPUT_UNREADABLE);
        assertThat(files()).isEmpty();
    }

    @Test
    void anUnknownBundleIsSaidToBeUnknown() {
        assertThatExceptionOfType(JobException.class).isThrownBy(() -> cache().get("faces@2"))
                .withMessageContaining("faces@2")
                .extracting(JobException::category).isEqualTo(ErrorCategory.MODEL_NOT_FOUND);
    }

    @Test
    void aStoreThatIsAwayIsNoMissingBundle() {
        store.setDown(true);

        assertThatExceptionOfType(JobException.class).isThrownBy(() -> cache().get("faces@1"))
                .extracting(JobException::category).isEqualTo(ErrorCategory.STORAGE_UNAVAILABLE);
    }

    @Test
    void aFolderThatCannotBeWrittenIsSaidToBeTheReason() throws IOException {
        var file = Files.write(folder.resolve("no-folder"), new byte[0]);

        assertThatExceptionOfType(JobException.class).isThrownBy(() -> new BundleCache(store, file).get("faces@1"))
                .withMessageContaining(file.toString())
                .extracting(JobException::category).isEqualTo(ErrorCategory.INTERNAL);
    }

    @Test
    void workersThatShareAFolderDoNotDisturbEachOther() throws Exception {
        try (var executor = Executors.newFixedThreadPool(8)) {
            var bundles = IntStream.range(0, 32).mapToObj(n -> executor.submit(() -> cache().get("faces@1"))).toList();
            for (var bundle : bundles) {
                assertThat(bundle.get().file("generator.safetensors")).hasBinaryContent(WEIGHTS);
            }
        }
        assertThat(files()).hasSize(1);
    }
}
