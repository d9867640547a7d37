package org.atelier.worker.job.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import org.atelier.common.artifact.Digest;
import org.atelier.common.bundle.BundleCard;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.json.Json;
import org.atelier.common.store.MemoryObjectStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundleCacheTest {
    private static final byte[] WEIGHTS = "weights".getBytes(StandardCharsets.UTF_8);
    private static final String FILE = "generator.safetensors";
    private static final String KEY = "bundles/faces/1/" + FILE;

    @TempDir
    private Path folder;

    private final MemoryObjectStore store = new MemoryObjectStore();

    @BeforeEach
    void upload() {
        card("1", FILE);
        store.put(KEY, WEIGHTS, "application/octet-stream");
    }

    private void card(String version, String file) {
        card(version, file, WEIGHTS);
    }

    private void card(String version, String file, byte[] weights) {
        store.put("bundles/faces/" + version + "/bundle.json",
                """
                        {"name": "faces", "version": "%s", "title": "t", "licence": "l", "generator": {"architecture": "stylegan2",
                         "file": "%s", "sha256": "%s", "config": {}}}
                        """
                        .formatted(version, file, Digest.of(weights).hex()).getBytes(StandardCharsets.UTF_8),
                "application/json");
    }

    private BundleCache cache() {
        return new BundleCache(store, folder);
    }

    /** Files with bytes of their own: no links. */
    private List<Path> files() throws IOException {
        try (var paths = Files.walk(folder)) {
            return paths.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)).toList();
        }
    }

    @Test
    void aBundleBecomesAFolderWithItsCardAndItsFiles() throws IOException {
        var bundle = cache().get("faces@1");

        assertThat(bundle.card().reference()).isEqualTo("faces@1");
        assertThat(bundle.folder().resolve(FILE)).hasBinaryContent(WEIGHTS);
        assertThat(Json.read(Files.readAllBytes(bundle.folder().resolve(BundleCard.FILE)), BundleCard.class))
                .isEqualTo(bundle.card());
        assertThat(files()).hasSize(2);
    }

    @Test
    void whatIsThereIsNotFetchedAgain() {
        cache().get("faces@1");
        store.delete(KEY);

        assertThat(cache().get("faces@1").folder().resolve(FILE)).hasBinaryContent(WEIGHTS);
    }

    @Test
    void aFileThatWasDamagedOnTheDiskIsFetchedAgain() throws IOException {
        Files.write(cache().get("faces@1").folder().resolve(FILE), new byte[]{0});

        assertThat(cache().get("faces@1").folder().resolve(FILE)).hasBinaryContent(WEIGHTS);
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
    void versionsShareTheFilesThatTheyHaveInCommon() throws IOException {
        card("2", FILE);
        cache().get("faces@1");

        assertThat(cache().get("faces@2").folder().resolve(FILE)).hasBinaryContent(WEIGHTS);
        // Two cards and one file of weights.
        assertThat(files()).hasSize(3);
    }

    /** Three bundles with files of their own, each of 7 bytes, and room for two. */
    @Test
    void whatWasUsedLongestAgoMakesRoom() throws IOException {
        var clock = new SteppingClock();
        var small = new BundleCache(store, folder, 2L * WEIGHTS.length, clock);
        for (var version : List.of("10", "11", "12")) {
            var weights = ("weigh" + version).getBytes(StandardCharsets.UTF_8);
            store.put("bundles/faces/" + version + "/" + FILE, weights, "application/octet-stream");
            card(version, FILE, weights);
        }

        small.get("faces@10");
        clock.step();
        small.get("faces@11");
        clock.step();
        small.get("faces@10");
        clock.step();
        var third = small.get("faces@12");

        assertThat(weights()).containsExactlyInAnyOrder("weigh10", "weigh12");
        assertThat(third.folder().resolve(FILE)).hasContent("weigh12");
        assertThat(small.get("faces@11").folder().resolve(FILE)).as("fetched again").hasContent("weigh11");
    }

    /** Another worker may be about to read it. */
    @Test
    void whatWasUsedLatelyStays() throws IOException {
        var small = new BundleCache(store, folder, 1, new SteppingClock());
        store.put("bundles/faces/2/" + FILE, "weigh10".getBytes(StandardCharsets.UTF_8), "application/octet-stream");
        card("2", FILE, "weigh10".getBytes(StandardCharsets.UTF_8));

        small.get("faces@1");
        small.get("faces@2");

        assertThat(weights()).containsExactlyInAnyOrder("weights", "weigh10");
    }

    private List<String> weights() throws IOException {
        var contents = new ArrayList<String>();
        for (var path : files()) {
            if (!path.endsWith(BundleCard.FILE)) {
                contents.add(Files.readString(path));
            }
        }
        return contents;
    }

    private static final class SteppingClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void step() {
            now = now.plus(Duration.ofHours(1));
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../generator", "/etc/passwd", "a/b", "", ".."})
    void noNameLeadsOutOfTheFolder(String file) {
        card("1", file);

        assertThatExceptionOfType(JobException.class).isThrownBy(() -> cache().get("faces@1"))
                .withMessageContaining("no name of a file")
                .extracting(JobException::category).isEqualTo(ErrorCategory.INPUT_UNREADABLE);
    }

    @Test
    void workersThatShareAFolderDoNotDisturbEachOther() throws Exception {
        try (var executor = Executors.newFixedThreadPool(8)) {
            var bundles = IntStream.range(0, 32).mapToObj(n -> executor.submit(() -> cache().get("faces@1"))).toList();
            for (var bundle : bundles) {
                assertThat(bundle.get().folder().resolve(FILE)).hasBinaryContent(WEIGHTS);
            }
        }
        assertThat(files()).allMatch(path -> !path.toString().endsWith(".part"));
    }
}
