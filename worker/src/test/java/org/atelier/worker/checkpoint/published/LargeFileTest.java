package org.atelier.worker.checkpoint.published;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import org.atelier.worker.checkpoint.pickle.PickleWriter;
import org.atelier.worker.checkpoint.torch.TorchFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pickle of the size and form of a 1024 px StyleGAN2, read in a JVM with a fraction of its size: what is not asked for
 * takes no memory, and what is asked for takes it once.
 */
class LargeFileTest {
    /** As many as the convolutions, toRGB layers, affines and noises of the two largest networks take: 227 MB. */
    private static final int LARGE_TENSORS = 24;
    private static final long[] LARGEST_SHAPE = {512, 512, 3, 3};
    private static final int SMALL_TENSORS = 160;
    private static final long[] SMALL_SHAPE = {512};

    /** A sixth of the file; the largest tensor takes a quarter of it. */
    private static final String HEAP = "-Xmx40m";
    private static final String DIRECT = "-XX:MaxDirectMemorySize=4m";

    @TempDir
    Path folder;

    @Test
    void isReadWithASmallHeap() throws Exception {
        var pickle = folder.resolve("generator-1024.pkl");
        var sums = write(pickle);
        var log = folder.resolve("log");

        var child = new ProcessBuilder(java(), HEAP, DIRECT, "-cp", System.getProperty("java.class.path"),
                LargeFileReader.class.getName(), pickle.toString()).redirectErrorStream(true).redirectOutput(log
                        .toFile())
                .start();
        boolean ended = child.waitFor(5, TimeUnit.MINUTES);
        child.destroyForcibly();

        var lines = Files.readAllLines(log);
        assertThat(ended).as("child ended: %s", lines).isTrue();
        assertThat(child.exitValue()).as("%s", lines).isZero();
        assertThat(lines).containsAll(sums.entrySet().stream().map(sum -> sum.getKey() + " " + sum.getValue())
                .toList());
        assertThat(number(lines, "mapped")).isGreaterThanOrEqualTo(Files.size(pickle));
        assertThat(number(lines, "direct")).isLessThan(1 << 20);
        if (Files.isReadable(Path.of("/proc/self/status"))) {
            // The pages of the file come and go as the system likes; what counts is the memory that is ours.
            assertThat(number(lines, "resident")).isPositive().isLessThan(2 * Files.size(pickle));
            assertThat(number(lines, "own")).isPositive().isLessThan(Files.size(pickle));
        }
    }

    private static String java() {
        return ProcessHandle.current().info().command().orElseThrow();
    }

    private static long number(List<String> lines, String name) {
        return lines.stream().filter(line -> line.startsWith(name + " ")).mapToLong(
                line -> Long.parseLong(line.substring(name.length() + 1))).findFirst().orElseThrow();
    }

    /** Writes {@code {'G_ema': object}} with a nested file for each tensor; returns the sum of each by its name. */
    private static Map<String, String> write(Path file) throws IOException {
        var shapes = new ArrayList<long[]>();
        for (int i = 0; i < LARGE_TENSORS; i++) {
            shapes.add(LARGEST_SHAPE);
        }
        for (int i = 0; i < SMALL_TENSORS; i++) {
            shapes.add(SMALL_SHAPE);
        }
        var sums = new LinkedHashMap<String, String>();
        try (var out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            out.write(PickleWriter.start().ops("}").text("G_ema")
                    .global("torch_utils.persistence", "_reconstruct_persistent_obj").ops("}(").text("type").text(
                            "class")
                    .text("version").integer(6).text("module_src").text("").text("class_name").text("Generator")
                    .text("state").ops("}").text("_parameters").ops("}(").bytes());
            for (int i = 0; i < shapes.size(); i++) {
                var numbers = numbers(i, (int) count(shapes.get(i)));
                sums.put("G_ema.weight" + i, CheckpointFixtures.sha256(numbers));
                writeTensor(out, "weight" + i, shapes.get(i), TorchFiles.floats(ByteOrder.LITTLE_ENDIAN, numbers));
            }
            out.write(new PickleWriter().ops("usu").raw(0x85).ops("Rs").stop());
        }
        return sums;
    }

    private static void writeTensor(OutputStream out, String name, long[] shape, byte[] numbers) throws IOException {
        long count = count(shape);
        var nested = TorchFiles.legacy(PickleWriter.start().storage("FloatStorage", name, count, true).stop(),
                Map.of(name, numbers), ByteOrder.LITTLE_ENDIAN);
        var strides = new long[shape.length];
        long stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        out.write(new PickleWriter().text(name).global("torch._utils", "_rebuild_tensor_v2").ops("(")
                .global("torch.storage", "_load_from_bytes").ops("B").int32(nested.length).bytes());
        out.write(nested);
        out.write(new PickleWriter().raw(0x85).ops("R").integer(0).integers(shape).integers(strides).raw(0x89)
                .global("collections", "OrderedDict").ops(")RtR").bytes());
    }

    private static float[] numbers(int seed, int count) {
        var random = new SplittableRandom(seed);
        var numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) (random.nextDouble() - 0.5);
        }
        return numbers;
    }

    private static long count(long... shape) {
        long count = 1;
        for (long length : shape) {
            count *= length;
        }
        return count;
    }
}
