package org.atelier.worker.quality;

import java.util.Map;

/**
 * What the reader sees in a picture.
 *
 * @param values  the likeliest value of each attribute
 * @param numbers attributes that are numbers, such as the skin from 0 light to 1 dark
 */
public record Reading(Map<String, String> values, Map<String, Double> numbers) {
    public Reading {
        values = Map.copyOf(values);
        numbers = Map.copyOf(numbers);
    }
}
