package org.atelier.common.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * The values of a process's settings.
 *
 * <p>A setting {@code X} is read from the variable {@code X}, or from the file that {@code X_FILE} names (how secrets are
 * mounted). A variable that starts with {@link #PREFIX} and is no setting of the process is reported as
 * {@link #unknown}, so that a misspelt one does not leave a default in force silently. It is no error: Kubernetes adds
 * variables of that prefix for every service whose name starts so.
 */
public final class Configuration {
    /** What every variable of Atelier starts with. */
    public static final String PREFIX = "ATELIER_";

    private static final String FILE_SUFFIX = "_FILE";

    private final Map<Setting<?>, @Nullable Object> values;

    private final List<String> unknown;

    private Configuration(Map<Setting<?>, @Nullable Object> values, List<String> unknown) {
        this.values = values;
        this.unknown = unknown;
    }

    /**
     * Reads all settings.
     *
     * @param settings    the settings of this process
     * @param environment usually {@code System.getenv()}
     * @throws InvalidSettingException if any is missing or wrong
     */
    public static Configuration read(List<Setting<?>> settings, Map<String, String> environment) {
        var problems = new ArrayList<String>();
        var values = new LinkedHashMap<Setting<?>, @Nullable Object>();
        for (var setting : settings) {
            try {
                values.put(setting, value(setting, environment));
            } catch (IllegalArgumentException e) {
                problems.add("the value of " + setting.key() + " " + e.getMessage() + ". It is: " + setting.meaning());
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidSettingException(problems);
        }
        var known = settings.stream().map(Setting::key).toList();
        var unknown = environment.keySet().stream()
                .filter(key -> key.startsWith(PREFIX))
                .filter(key -> !known.contains(key) && !known.contains(withoutSuffix(key)))
                .sorted()
                .toList();
        return new Configuration(values, unknown);
    }

    /** Variables that look like settings of Atelier and have no effect on this process; worth a warning at start. */
    public List<String> unknown() {
        return unknown;
    }

    private static String withoutSuffix(String key) {
        return key.endsWith(FILE_SUFFIX) ? key.substring(0, key.length() - FILE_SUFFIX.length()) : key;
    }

    private static <T> @Nullable T value(Setting<T> setting, Map<String, String> environment) {
        var text = given(environment, setting.key())
                .or(() -> given(environment, setting.key() + FILE_SUFFIX).map(Configuration::contents))
                .orElse(setting.defaultValue());
        if (text == null) {
            if (setting.required()) {
                throw new IllegalArgumentException("is missing");
            }
            return null;
        }
        return setting.parser().parse(text.strip());
    }

    /** Charts and compose files pass a variable that is not set as an empty one. */
    private static Optional<String> given(Map<String, String> environment, String key) {
        return Optional.ofNullable(environment.get(key)).filter(text -> !text.isBlank());
    }

    private static String contents(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be read from the file " + file + " (" + e + ")", e);
        }
    }

    /**
     * The value of a setting that is required or has a default.
     *
     * @throws IllegalStateException if it has no value, or was not in the list
     */
    public <T> T get(Setting<T> setting) {
        return find(setting).orElseThrow(() -> new IllegalStateException(setting.key() + " has no value"));
    }

    /** The value of a setting, or empty where none was given. */
    @SuppressWarnings("unchecked") // a setting's value was made by its own parser
    public <T> Optional<T> find(Setting<T> setting) {
        if (!values.containsKey(setting)) {
            throw new IllegalStateException(setting.key() + " is not in this process's list of settings");
        }
        return Optional.ofNullable((T) values.get(setting));
    }

    /** The values that must not be seen: whoever passes text on takes them out of it. */
    public List<String> secrets() {
        return values.values().stream()
                .filter(Secret.class::isInstance)
                .map(value -> ((Secret) value).reveal())
                .filter(text -> !text.isBlank())
                .toList();
    }

    /** One line a setting; secrets are stars. Log it once at start. */
    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(entry -> "  " + entry.getKey().key() + " = " + (entry.getValue() == null ? "" : entry.getValue()))
                .collect(Collectors.joining(System.lineSeparator()));
    }
}
