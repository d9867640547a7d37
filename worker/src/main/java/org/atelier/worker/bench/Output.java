package org.atelier.worker.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

import org.atelier.common.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the figures of a benchmark go. */
final class Output {
    @Option(names = "--out", paramLabel = "FILE", description = "Writes the figures as JSON, too.")
    private @Nullable Path out;

    /** Prints figures for people, one line each and one a part of those that have parts, and writes the file. */
    void report(Map<String, Object> figures, PrintWriter writer) throws IOException {
        figures.forEach((name, value) -> {
            if (value instanceof Map<?, ?> map) {
                writer.println(name);
                map.forEach((key, entry) -> writer.printf("  %-12s %s%n", key, entry instanceof Double d
                        ? String.format(Locale.ROOT, "%10.2f", d)
                        : entry));
            } else {
                writer.printf("%-14s %s%n", name, value instanceof Double d
                        ? String.format(Locale.ROOT, "%.2f", d)
                        : value);
            }
        });
        writer.flush();
        write(figures);
    }

    /** Writes the file, if one is wanted. */
    void write(Map<String, Object> figures) throws IOException {
        if (out != null) {
            Files.write(out, Json.bytes(figures));
        }
    }
}
