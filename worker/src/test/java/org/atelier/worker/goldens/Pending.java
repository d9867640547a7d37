package org.atelier.worker.goldens;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Goldens, or outputs of them, that cannot be computed yet, each with the issue that will. */
final class Pending {
    private final List<Entry> entries;

    /**
     * A part of the goldens.
     *
     * @param pattern of {@code GROUP/NAME} or {@code GROUP/NAME#output}
     * @param issue   that computes it
     */
    private record Entry(Pattern pattern, int issue) {}

    private Pending(List<Entry> entries) {
        this.entries = entries;
    }

    static Pending list() {
        return new Pending(List.of(
                of(5, "e2e/(?!mapper_|nada_|projector|styleclip_latent_wplus|global_directions|interfacegan).*"),
                of(5, "losses/.*#nada_mapper.*")));
    }

    private static Entry of(int issue, String pattern) {
        return new Entry(Pattern.compile(pattern), issue);
    }

    /** The issue of a whole golden. */
    Optional<Integer> issue(String golden) {
        return find(golden);
    }

    /** The issue of one output. */
    Optional<Integer> issue(String golden, String output) {
        return find(golden).or(() -> find(golden + "#" + output));
    }

    private Optional<Integer> find(String text) {
        return entries.stream().filter(entry -> entry.pattern().matcher(text).matches()).map(Entry::issue).findFirst();
    }
}
