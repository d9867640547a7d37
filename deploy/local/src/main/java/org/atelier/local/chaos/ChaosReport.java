package org.atelier.local.chaos;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonIgnore;
import org.atelier.chaos.history.History;
import org.atelier.chaos.history.Report;
import org.atelier.chaos.history.ReportText;
import org.atelier.common.ledger.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What came of a fleet that was broken.
 *
 * @param seed     of everything that was drawn
 * @param figures  of the checker
 * @param outcomes how runs ended
 * @param failures runs that failed, and why
 * @param wrong    runs whose result is not that of an undisturbed run
 * @param collected what a garbage collection left at the end; absent where there was none
 * @param history  what it was made from
 */
public record ChaosReport(
        long seed,
        Report figures,
        Map<Outcome, Long> outcomes,
        List<String> failures,
        List<String> wrong,
        @Nullable Collected collected,
        @JsonIgnore History history) {
    /**
     * What a garbage collection left.
     *
     * @param orphans blobs that nothing names: there should be none
     * @param missing blobs that a manifest names and that are not there: there must be none
     */
    public record Collected(Report.Orphans orphans, List<String> missing) {
        public Collected {
            missing = List.copyOf(missing);
        }
    }

    public ChaosReport {
        outcomes = new TreeMap<>(outcomes);
        failures = List.copyOf(failures);
        wrong = List.copyOf(wrong);
    }

    /** Without a collection. */
    public ChaosReport(long seed, Report figures, Map<Outcome, Long> outcomes, List<String> failures,
            List<String> wrong, History history) {
        this(seed, figures, outcomes, failures, wrong, null, history);
    }

    /** With what a collection left. */
    public ChaosReport with(Collected after) {
        return new ChaosReport(seed, figures, outcomes, failures, wrong, after, history);
    }

    /** Whether nothing happened that must never happen. */
    public boolean clean() {
        return figures.clean() && wrong.isEmpty() && (collected == null || collected.missing().isEmpty());
    }

    /** For people. */
    public String text() {
        return ReportText.of(figures) + collectedText() + line("outcomes", outcomes.entrySet().stream().map(
                entry -> entry.getValue()
                        + " "
                        + entry.getKey().name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", ")))
                + line("wrong results", String.valueOf(wrong.size())) + line("seed", String.valueOf(seed))
                + lines("failed: ", failures) + lines("WRONG RESULT: ", wrong)
                + lines("LOST BY COLLECTION: ", collected == null ? List.of() : collected.missing());
    }

    private String collectedText() {
        return collected == null
                ? ""
                : line("orphans after a collection", collected.orphans().count() + " (" + collected.orphans().bytes()
                        + " bytes)") + line("results lost by it", String.valueOf(collected.missing().size()));
    }

    private static String line(String name, String value) {
        return String.format(Locale.ROOT, "%-28s %s%n", name, value);
    }

    private static String lines(String head, List<String> all) {
        return all.stream().map(one -> head + one + System.lineSeparator()).collect(Collectors.joining());
    }
}
