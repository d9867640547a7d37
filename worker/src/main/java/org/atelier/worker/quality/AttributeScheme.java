package org.atelier.worker.quality;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.bundle.NetworkCard;

/** What the scores of a bundle's reader mean: the attributes in their order, each with its values. */
final class AttributeScheme {
    private final List<Attribute> attributes;
    private final int scores;

    /**
     * An attribute.
     *
     * @param name   for people
     * @param values one score each; a single value: the score is a number
     * @param from   its first score
     */
    private record Attribute(String name, List<String> values, int from) {
        boolean isNumber() {
            return values.size() == 1;
        }

        String best(float[] scores) {
            int best = 0;
            for (int i = 1; i < values.size(); i++) {
                if (scores[from + i] > scores[from + best]) {
                    best = i;
                }
            }
            return values.get(best);
        }
    }

    private AttributeScheme(List<Attribute> attributes, int scores) {
        this.attributes = attributes;
        this.scores = scores;
    }

    /**
     * Reads {@code outputs} of the reader's card.
     *
     * @throws IllegalArgumentException if the card does not say what its reader reads
     */
    static AttributeScheme of(NetworkCard reader) {
        var attributes = new ArrayList<Attribute>();
        int from = 0;
        for (var output : reader.config().path("outputs")) {
            var values = output.path("values").valueStream().map(JsonNode::asText).toList();
            if (values.isEmpty()) {
                throw new IllegalArgumentException("the card of " + reader.file() + " names no values of " + output);
            }
            attributes.add(new Attribute(output.path("name").asText(), values, from));
            from += values.size();
        }
        if (attributes.isEmpty()) {
            throw new IllegalArgumentException("the card of " + reader.file()
                    + " has no \"outputs\" in its config and so does not say what the reader reads");
        }
        return new AttributeScheme(attributes, from);
    }

    /**
     * What is seen.
     *
     * @param values of one picture, in the order of the card
     */
    Reading read(float[] values) {
        if (values.length != scores) {
            throw new IllegalArgumentException("the card names " + scores + " scores, the reader gives "
                    + values.length);
        }
        Map<String, String> named = new LinkedHashMap<>();
        Map<String, Double> numbers = new LinkedHashMap<>();
        for (var attribute : attributes) {
            if (attribute.isNumber()) {
                numbers.put(attribute.name, (double) values[attribute.from]);
            } else {
                named.put(attribute.name, attribute.best(values));
            }
        }
        return new Reading(named, numbers);
    }

    /**
     * Checks that a wish can be judged.
     *
     * @throws IllegalArgumentException if it names an attribute or a value that the reader does not know
     */
    void require(String attribute, Iterable<String> values) {
        var known = attributes.stream()
                .filter(candidate -> candidate.name.equals(attribute))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the reader knows no attribute " + attribute
                        + ", only " + attributes.stream().map(Attribute::name).toList()));
        for (var value : values) {
            if (!known.values.contains(value)) {
                throw new IllegalArgumentException("the reader knows no " + attribute + " " + value + ", only "
                        + known.values);
            }
        }
    }
}
