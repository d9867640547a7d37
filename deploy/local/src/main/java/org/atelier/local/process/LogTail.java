package org.atelier.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The end of a log file. The file is the record: it stays when both processes are gone. */
final class LogTail {
    private static final int MAX_BYTES = 1 << 16;

    private final Path file;
    private final long start;

    /** What is in the file now belongs to an earlier process and is not shown. */
    LogTail(Path file) throws IOException {
        this.file = file;
        this.start = Files.exists(file) ? Files.size(file) : 0;
    }

    /** The last lines, at most this many and no more than 64 KiB. */
    List<String> lines(int most) {
        try (var channel = FileChannel.open(file)) {
            long from = Math.max(start, channel.size() - MAX_BYTES);
            var buffer = ByteBuffer.allocate(Math.toIntExact(Math.max(0, channel.size() - from)));
            channel.position(from);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                continue;
            }
            var lines = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8).lines().toList();
            return lines.subList(Math.max(0, lines.size() - most), lines.size());
        } catch (IOException e) {
            throw new UncheckedIOException("the log " + file + " cannot be read", e);
        }
    }
}
