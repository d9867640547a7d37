package org.atelier.dispatcher.scaling;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A job of a pattern.
 *
 * @param at   when it comes
 * @param runs how long a slot computes
 */
record Arrival(Duration at, Duration runs) {
    /** So many at once. */
    static List<Arrival> burst(Duration at, int jobs, Duration runs) {
        return IntStream.range(0, jobs).mapToObj(job -> new Arrival(at, runs)).toList();
    }

    /** Arrivals that know nothing of each other, for a time. */
    static List<Arrival> steady(long seed, Duration duration, Duration between, Duration runs) {
        var random = new Random(seed);
        return Stream.iterate(between, at -> at.compareTo(duration) < 0, at -> at.plusMillis((long) (-Math.log(1
                - random
                        .nextDouble()) * between.toMillis())))
                .map(at -> new Arrival(at, Duration.ofMillis((long) (runs.toMillis() * (0.5 + random.nextDouble())))))
                .toList();
    }
}
