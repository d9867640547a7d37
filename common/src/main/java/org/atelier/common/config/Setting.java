package org.atelier.common.config;

import org.jspecify.annotations.Nullable;

/**
 * One setting of a process: its environment variable, what it means and what it is when nothing is said.
 *
 * @param key          environment variable
 * @param parser       from text to value
 * @param defaultValue as text; {@code null}: the setting is required, or optional with no value
 * @param required     whether the process refuses to start without it
 * @param meaning      one sentence for the operator, with unit and consequence
 * @param <T>          type of the value
 */
public record Setting<T>(String key, Parser<T> parser, @Nullable String defaultValue, boolean required,
        String meaning) {
    /** A setting with a default. */
    public static <T> Setting<T> of(String key, Parser<T> parser, String defaultValue, String meaning) {
        return new Setting<>(key, parser, defaultValue, false, meaning);
    }

    /** A setting that must be given. */
    public static <T> Setting<T> required(String key, Parser<T> parser, String meaning) {
        return new Setting<>(key, parser, null, true, meaning);
    }

    /** A setting that may be left out. */
    public static <T> Setting<T> optional(String key, Parser<T> parser, String meaning) {
        return new Setting<>(key, parser, null, false, meaning);
    }
}
