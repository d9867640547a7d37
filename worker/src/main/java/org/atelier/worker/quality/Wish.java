package org.atelier.worker.quality;

import java.util.Set;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A prompt and what it must bring about.
 *
 * @param prompt    what is asked for
 * @param attribute that the prompt is about
 * @param values    any of which is what was asked for
 * @param group     prompts that are reported together, such as {@code face}
 */
public record Wish(
        @JsonProperty(required = true) String prompt,
        @JsonProperty(required = true) String attribute,
        @JsonProperty(required = true) Set<String> values,
        @JsonProperty(required = true) String group) {
    public Wish {
        values = Set.copyOf(values);
    }

    /** Whether a picture shows what was asked for. */
    public boolean isFulfilledBy(Reading reading) {
        return values.contains(reading.values().get(attribute));
    }
}
