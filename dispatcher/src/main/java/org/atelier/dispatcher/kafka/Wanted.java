package org.atelier.dispatcher.kafka;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * A value that a topic or share group must have.
 *
 * @param key         of the configuration
 * @param value       what a new one gets
 * @param rule        what an existing one may have
 * @param consequence what happens otherwise
 */
record Wanted(String key, String value, Rule rule, String consequence) {
    /** What an existing configuration may have. */
    enum Rule {
        /** The value and nothing else. */
        EXACTLY,
        /** A number that is not smaller; -1 is without end. */
        AT_LEAST
    }

    static Wanted exactly(String key, Object value, String consequence) {
        return new Wanted(key, value.toString(), Rule.EXACTLY, consequence);
    }

    static Wanted atLeast(String key, long value, String consequence) {
        return new Wanted(key, Long.toString(value), Rule.AT_LEAST, consequence);
    }

    /** What is wrong with an actual value, or empty if nothing is. */
    Optional<String> problem(@Nullable String actual) {
        if (holds(actual)) {
            return Optional.empty();
        }
        return Optional.of(key + " is " + actual + (rule == Rule.AT_LEAST
                ? ", and must be at least "
                : ", and must be ")
                + value + ": " + consequence);
    }

    private boolean holds(@Nullable String actual) {
        if (actual == null) {
            return false;
        }
        return switch (rule) {
            case EXACTLY -> actual.equals(value);
            case AT_LEAST -> Long.parseLong(actual) == -1 || Long.parseLong(actual) >= Long.parseLong(value);
        };
    }
}
