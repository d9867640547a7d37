package org.atelier.common.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Turns the text of a setting into a value. Parsers compose: {@code INT.where(n -> n > 0, "more than 0")}.
 *
 * @param <T> the value's type
 */
@FunctionalInterface
public interface Parser<T> {
    /** Any text. */
    Parser<String> STRING = text -> text;
    /** Text that must not be shown. */
    Parser<Secret> SECRET = Secret::new;
    /** A whole number. */
    Parser<Integer> INT = text -> {
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("is no whole number", e);
        }
    };
    /** {@code true} or {@code false}. */
    Parser<Boolean> BOOLEAN = text -> switch (text.toLowerCase(Locale.ROOT)) {
        case "true" -> true;
        case "false" -> false;
        default -> throw new IllegalArgumentException("is neither true nor false");
    };
    /** A number with a unit: {@code 500ms}, {@code 30s}, {@code 15m}, {@code 2h}, {@code 14d}. */
    Parser<Duration> DURATION = text -> {
        var matcher = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)").matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("is no duration such as 500ms, 30s, 15m, 2h or 14d");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    };
    /** An absolute http or https address. */
    Parser<URI> HTTP_URI = text -> {
        var uri = URI.create(text);
        if (uri.getHost() == null || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
            throw new IllegalArgumentException("is no http:// or https:// address");
        }
        if (uri.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "has a user or password in it, and addresses are logged; leave them out");
        }
        return uri;
    };
    /** A path of the local file system. */
    Parser<Path> PATH = Path::of;
    /** Words with commas between them. */
    Parser<List<String>> LIST = text -> Arrays.stream(text.split(","))
            .map(String::strip)
            .filter(word -> !word.isEmpty())
            .toList();

    /**
     * The value of a text.
     *
     * @throws IllegalArgumentException if there is none; the message completes "the value of X ..."
     */
    T parse(String text);

    /** This parser, refusing values that do not hold. */
    default Parser<T> where(Predicate<T> holds, String rule) {
        return text -> {
            var value = parse(text);
            if (!holds.test(value)) {
                throw new IllegalArgumentException("must be " + rule);
            }
            return value;
        };
    }

    /** A whole number in a range, both ends included. */
    static Parser<Integer> between(int low, int high) {
        return INT.where(n -> n >= low && n <= high, "from " + low + " to " + high);
    }

    /** One of the names of an enum, in lower case with hyphens. */
    static <E extends Enum<E>> Parser<E> oneOf(Class<E> type) {
        return text -> {
            for (var constant : type.getEnumConstants()) {
                if (spelling(constant).equals(text)) {
                    return constant;
                }
            }
            throw new IllegalArgumentException(
                    "must be one of " + Arrays.stream(type.getEnumConstants()).map(Parser::spelling).toList());
        };
    }

    private static String spelling(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
