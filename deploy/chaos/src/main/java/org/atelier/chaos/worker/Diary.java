package org.atelier.chaos.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.atelier.chaos.history.Fact;
import org.atelier.common.json.Json;

/**
 * What a worker's process really computed, in a file of its own: neither the store nor Kafka, which chaos cuts off, is
 * asked. Each line is written by one call, so that what kills the process leaves whole lines.
 */
final class Diary {
    private final FileChannel file;

    private Diary(FileChannel file) {
        this.file = file;
    }

    /** @param folder where it gets a file, named after the worker */
    static Diary open(Path folder, String worker) {
        try {
            Files.createDirectories(folder);
            return new Diary(FileChannel.open(folder.resolve(worker + ".jsonl"), StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw new UncheckedIOException("the diary of " + worker + " cannot be written", e);
        }
    }

    synchronized void note(Fact fact) {
        try {
            var line = ByteBuffer.wrap((Json.text(fact) + "\n").getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                file.write(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the diary cannot be written", e);
        }
    }
}
