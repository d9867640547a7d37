package org.atelier.chaos.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

import org.atelier.common.json.Json;

/** Facts, gathered while they happen. Safe for use by several threads. */
public final class History {
    private final List<Fact> facts = new ArrayList<>();

    /** Adds a fact. */
    public synchronized void add(Fact fact) {
        facts.add(fact);
    }

    /** Everything so far, by time; what happened at one time stays in the order in which it was added. */
    public synchronized List<Fact> facts() {
        return facts.stream().sorted(Comparator.comparing(Fact::at)).toList();
    }

    /**
     * Writes it as a file of JSON lines.
     *
     * @throws IOException if the file cannot be written
     */
    public void write(Path file) throws IOException {
        Files.writeString(file, facts().stream().map(Json::text).collect(Collectors.joining("\n", "", "\n")));
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IOException if the file cannot be read, or a line of it is no fact
     */
    public static History read(Path file) throws IOException {
        var history = new History();
        try (var facts = Json.mapper().readerFor(Fact.class).<Fact>readValues(file.toFile())) {
            while (facts.hasNextValue()) {
                history.add(facts.nextValue());
            }
        }
        return history;
    }
}
