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

/**
 * What came of a fleet that was broken.
 *
 * @param seed     of everything that was drawn
 * @param figures  of the checker
 * @param outcomes how runs ended
 * @param failures runs that failed, and why
 * @param wrong    runs whose result is not that of an undisturbed run
 * @param history  what it was made from
 */
public record ChaosReport(
        long seed,
        Report figures,
        Map<Outcome, Long> outcomes,
        List<String> failures,
        List<String> wrong,
        @JsonIgnore History history) {
    public ChaosReport {
        outcomes = new TreeMap<>(outcomes);
        failures = List.copyOf(failures);
        wrong = List.copyOf(wrong);
    }

    /** Whether nothing happened that must never happen. */
    public boolean clean() {
        return figures.clean() && wrong.isEmpty();
    }

    /** For people. */
    public String text() {
        return ReportText.of(figures) + line("outcomes", outcomes.entrySet().stream().map(entry -> entry.getValue()
                + " "
                + entry.getKey().name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", ")))
                + line("wrong results", String.valueOf(wrong.size())) + line("seed", String.valueOf(seed))
                + lines("failed: ", failures) + lines("WRONG RESULT: ", wrong);
    }

    private static String line(String name, String value) {
        return String.format(Locale.ROOT, "%-28s %s%n", name, value);
    }

    private static String lines(String head, List<String> all) {
        return all.stream().map(one -> head + one + System.lineSeparator()).collect(Collectors.joining());
    }
}
