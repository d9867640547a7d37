package org.atelier.worker.edit.direction;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.atelier.common.job.DirectionTrainRequest;
import org.atelier.common.json.Json;

/** How a table was made: what must be equal for parts of one table. */
final class Origin {
    static final String BUNDLE = "bundle";

    private Origin() {}

    /**
     * That of a request's table.
     *
     * @param bundle reference of the bundle, with its version
     */
    static Map<String, String> of(DirectionTrainRequest request, String bundle) {
        var origin = new TreeMap<String, String>();
        origin.put(BUNDLE, bundle);
        origin.put("method", DirectionTable.METHOD);
        origin.put("statistics", Json.text(request.statistics()));
        origin.put("images", request.images().toString());
        origin.put("strength", request.strength().toString());
        origin.put("measurement", Json.tree(request.measurement()).asText());
        if (request.given() != null) {
            origin.put("given", Json.text(request.given()));
        }
        if (request.tuned() != null) {
            origin.put("tuned", Json.text(request.tuned()));
        }
        return origin;
    }

    /** What differs, for people; empty if nothing does. */
    static String difference(Map<String, String> one, Map<String, String> other) {
        return Stream.concat(one.keySet().stream(), other.keySet().stream())
                .distinct()
                .sorted()
                .filter(name -> !one.getOrDefault(name, "none").equals(other.getOrDefault(name, "none")))
                .map(name -> name + " " + one.getOrDefault(name, "none") + " instead of " + other.getOrDefault(name,
                        "none"))
                .collect(Collectors.joining(", "));
    }
}
