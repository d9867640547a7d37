package org.atelier.dispatcher.schedule;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import org.atelier.common.config.Parser;
import org.jspecify.annotations.Nullable;

/** What each tenant may take of the fleet. Tenants that are not named share the terms of {@code *}, each for itself. */
public final class Tenants {
    /** Everybody is equal and nobody is limited. */
    public static final String DEFAULT = "*:weight=1";

    private static final String EVERYBODY = "*";
    private static final int MAX_WEIGHT = 1_000;
    private static final Pattern NAME = Pattern.compile("\\*|[a-z0-9][a-z0-9-]{0,62}");

    private final String text;
    private final Map<String, Terms> named;

    /**
     * Terms of one tenant.
     *
     * @param weight    its share of the slots, relative to the weights of the others that have work waiting
     * @param running   most of its attempts that are in ready topics or on workers at once; empty: no limit
     * @param queued    most of its jobs that wait before further requests over HTTP are refused; empty: no limit
     * @param retention how long its jobs are kept after their end; empty: until somebody erases them
     * @param uploads   mebibytes of pictures that it may bring a day; empty: no limit
     */
    public record Terms(int weight, Optional<Integer> running, Optional<Integer> queued, Optional<Duration> retention,
            Optional<Integer> uploads) {}

    private Tenants(String text, Map<String, Terms> named) {
        this.text = text;
        this.named = named;
    }

    /**
     * Reads {@code tenant:term=value,term=value;tenant:...}. What a named tenant's terms leave out is as for {@code *}.
     *
     * @throws IllegalArgumentException if it is not that
     */
    public static Tenants parse(String text) {
        var written = new LinkedHashMap<String, Map<String, String>>();
        for (var part : text.split(";", -1)) {
            var halves = part.strip().split(":", -1);
            if (halves.length != 2 || !NAME.matcher(halves[0].strip()).matches()) {
                throw new IllegalArgumentException("has \"" + part.strip() + "\", which is no tenant:term=value,term="
                        + "value (a tenant's name has a-z, 0-9 and -; * is everybody else)");
            }
            if (written.put(halves[0].strip(), terms(halves[1])) != null) {
                throw new IllegalArgumentException("has the tenant " + halves[0].strip() + " twice");
            }
        }
        var named = new LinkedHashMap<String, Terms>();
        var everybody = read(written.getOrDefault(EVERYBODY, Map.of()), null);
        named.put(EVERYBODY, everybody);
        written.forEach((name, terms) -> named.put(name, read(terms, everybody)));
        return new Tenants(text, named);
    }

    private static Map<String, String> terms(String text) {
        var terms = new LinkedHashMap<String, String>();
        for (var part : text.split(",", -1)) {
            var halves = part.strip().split("=", -1);
            if (halves.length != 2 || terms.put(halves[0].strip(), halves[1].strip()) != null) {
                throw new IllegalArgumentException("has \"" + part.strip()
                        + "\", which is no term=value, or is there twice");
            }
        }
        return terms;
    }

    private static Terms read(Map<String, String> written, @Nullable Terms fallback) {
        var terms = fallback == null
                ? new Terms(1, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty())
                : fallback;
        for (var term : written.entrySet()) {
            var value = term.getValue();
            try {
                terms = switch (term.getKey()) {
                    case "weight" -> new Terms(Parser.between(1, MAX_WEIGHT).parse(value), terms.running, terms.queued,
                            terms.retention, terms.uploads);
                    case "running" -> new Terms(terms.weight, Optional.of(count(value)), terms.queued, terms.retention,
                            terms.uploads);
                    case "queued" -> new Terms(terms.weight, terms.running, Optional.of(count(value)), terms.retention,
                            terms.uploads);
                    case "retention" -> new Terms(terms.weight, terms.running, terms.queued, Optional.of(
                            Parser.DURATION.parse(value)), terms.uploads);
                    case "uploads" -> new Terms(terms.weight, terms.running, terms.queued, terms.retention, Optional.of(
                            count(value)));
                    default -> throw new IllegalArgumentException("is not known; there are weight, running, queued,"
                            + " retention and uploads");
                };
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("has the term " + term.getKey() + "=" + value + ", which "
                        + e.getMessage(), e);
            }
        }
        return terms;
    }

    private static int count(String text) {
        return Parser.between(1, Integer.MAX_VALUE).parse(text);
    }

    /** The terms of a tenant. */
    public Terms of(String tenant) {
        var terms = named.get(tenant);
        return terms == null ? named.get(EVERYBODY) : terms;
    }

    /** As it is written in the setting. */
    @Override
    public String toString() {
        return text;
    }
}
