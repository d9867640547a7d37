package org.atelier.worker.checkpoint.published;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import com.sun.management.ThreadMXBean;
import org.atelier.worker.checkpoint.io.ByteRegion;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * Real files, damaged in thousands of ways: each is read or refused, and nothing else ever happens. The mutations are the
 * same in every run; a failure names the file and the number of the mutation.
 */
class MutatedFileTest {
    private static final int MUTATIONS = 10_000;
    private static final int LARGEST_FILE = 500_000;

    /** Of a damaged small file; a whole one takes a tenth of it. */
    private static final long MOST_BYTES = 64L << 20;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final PublishedFileReader reader = new PublishedFileReader();

    /** How reading ended. */
    private enum Outcome {
        READ, REFUSED
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
    void isReadOrRefused() throws Exception {
        var files = smallFiles();
        assertThat(files).isNotEmpty();
        var names = List.copyOf(files.keySet());
        var outcomes = new EnumMap<Outcome, Integer>(Outcome.class);
        for (int number = 0; number < MUTATIONS; number++) {
            var random = new SplittableRandom(number);
            var name = names.get(number % names.size());
            var kind = Mutation.values()[random.nextInt(Mutation.values().length)];
            var damaged = files.get(name).clone();
            for (int times = random.nextInt(1, 4); times > 0 && damaged.length > 0; times--) {
                damaged = kind.apply(damaged, files.get(names.get(random.nextInt(names.size()))), random);
            }
            outcomes.merge(outcome(damaged, "mutation " + number + " (" + kind + ") of " + name), 1, Integer::sum);
        }
        // Were all files refused at the first byte, or none at all, this would test nothing.
        assertThat(outcomes.get(Outcome.READ)).isGreaterThan(MUTATIONS / 20);
        assertThat(outcomes.get(Outcome.REFUSED)).isGreaterThan(MUTATIONS / 20);
    }

    private Outcome outcome(byte[] bytes, String what) {
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            var file = reader.read(ByteRegion.of(bytes));
            file.tensors().nonFinite();
            return Outcome.READ;
        } catch (RefusedFileException e) {
            assertThat(e.getMessage()).as(what).isNotBlank();
            return Outcome.REFUSED;
        } catch (RuntimeException | Error e) {
            throw new AssertionError(what, e);
        } finally {
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).as(what).isLessThan(MOST_BYTES);
        }
    }

    private static Map<String, byte[]> smallFiles() throws Exception {
        var files = new LinkedHashMap<String, byte[]>();
        var paths = new ArrayList<Path>();
        CheckpointFixtures.checkpoints().forEach(checkpoint -> paths.add(checkpoint.file()));
        CheckpointFixtures.hostile().forEach(hostile -> paths.add(hostile.file()));
        for (var path : paths) {
            if (Files.size(path) > 0 && Files.size(path) <= LARGEST_FILE) {
                files.put(path.getFileName().toString(), Files.readAllBytes(path));
            }
        }
        return files;
    }
}
