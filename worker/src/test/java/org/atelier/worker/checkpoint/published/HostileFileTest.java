package org.atelier.worker.checkpoint.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.sun.management.ThreadMXBean;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.published.CheckpointFixtures.Hostile;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every hostile file of the goldens: refused, with nothing run, nothing written, and little memory taken. */
class HostileFileTest {
    private static final long MOST_BYTES = 512L << 20;

    @TempDir
    Path folder;

    static List<Hostile> hostile() throws Exception {
        return CheckpointFixtures.hostile();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    @Timeout(value = 10, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
    void isRefusedAndDoesNothing(Hostile hostile) throws Exception {
        var inner = Files.createDirectories(folder.resolve("a/b"));
        var file = Files.copy(hostile.file(), inner.resolve(hostile.file().getFileName()));
        var bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = bean.getCurrentThreadAllocatedBytes();

        var refused = catchThrowableOfType(RefusedFileException.class, () -> use(file));

        assertThat(bean.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_BYTES);
        if (refused == null) {
            assertThat(hostile.expected().path("may_also_load_safely").asBoolean()).as("may be read").isTrue();
        } else {
            assertThat(refused).hasMessageContaining(file.getFileName().toString());
            assertThat(refused.getMessage()).hasSizeBetween(80, 1_000).endsWith(".");
        }
        assertThat(Path.of(hostile.marker())).doesNotExist();
        try (var all = Files.walk(folder)) {
            assertThat(all.filter(Files::isRegularFile)).containsExactly(file);
        }
    }

    /** What an importer does: read every tensor, and refuse those that are not finite. */
    private static void use(Path path) throws Exception {
        var file = new PublishedFileReader().read(path);
        file.tensors().tensors().values().forEach(tensor -> assertThat(tensor.toFloats()).hasSize((int) tensor.size()));
        try {
            file.tensors().requireFinite();
        } catch (RefusedFileException e) {
            throw e.in(String.valueOf(path.getFileName()));
        }
    }
}
