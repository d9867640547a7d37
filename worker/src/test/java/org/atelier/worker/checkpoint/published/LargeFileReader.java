package org.atelier.worker.checkpoint.published;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

import org.atelier.common.artifact.Digest;

/** The process of {@link LargeFileTest}: reads a file as an importer does and prints what it found and what it took. */
final class LargeFileReader {
    private static final int CHUNK = 1 << 14;

    private LargeFileReader() {}

    public static void main(String[] arguments) throws IOException {
        var file = new PublishedFileReader().read(Path.of(arguments[0]));
        file.tensors().tensors().forEach((name, tensor) -> System.out.println(name + " " + sum(tensor.toFloats())));
        for (var pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            System.out.println(pool.getName() + " " + pool.getMemoryUsed());
        }
        var status = Path.of("/proc/self/status");
        if (Files.isReadable(status)) {
            for (var line : Files.readAllLines(status)) {
                print(line, "VmHWM", "resident");
                print(line, "RssAnon", "own");
            }
        }
    }

    private static void print(String line, String field, String name) {
        if (line.startsWith(field + ":")) {
            System.out.println(name + " " + (Long.parseLong(line.replaceAll("\\D", "")) << 10));
        }
    }

    /** As {@link CheckpointFixtures#sha256}, without a copy of all numbers. */
    private static String sum(float... numbers) {
        var sha = Digest.sha256();
        var bytes = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < numbers.length; at += CHUNK) {
            int length = Math.min(CHUNK, numbers.length - at);
            bytes.clear().asFloatBuffer().put(numbers, at, length);
            sha.update(bytes.array(), 0, length * Float.BYTES);
        }
        return Digest.finish(sha).hex();
    }
}
