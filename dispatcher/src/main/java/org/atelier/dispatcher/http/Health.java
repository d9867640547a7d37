package org.atelier.dispatcher.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether the dispatcher works, and whether it can serve.
 *
 * @param alive what only a restart would mend
 * @param ready what it needs to serve
 */
public record Health(List<Check> alive, List<Check> ready) {
    /**
     * A condition.
     *
     * @param name    of what is checked
     * @param problem what is wrong with it; empty if nothing is
     */
    public record Check(String name, Supplier<Optional<String>> problem) {}

    /** The answer to whoever asks: whether all is well, and each check with its problem or {@code ok}. */
    record Report(boolean ok, Map<String, String> checks) {
        static Report of(List<Check> checks) {
            var results = new LinkedHashMap<String, String>();
            boolean ok = true;
            for (var check : checks) {
                var problem = check.problem.get();
                ok &= problem.isEmpty();
                results.put(check.name, problem.orElse("ok"));
            }
            return new Report(ok, results);
        }
    }
}
