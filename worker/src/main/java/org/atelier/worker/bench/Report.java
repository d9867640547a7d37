package org.atelier.worker.bench;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;

/** Figures for people. */
final class Report {
    private Report() {}

    /** One line a figure, and one a part of those that have parts. */
    static void print(Map<String, Object> figures, PrintWriter writer) {
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
    }
}
