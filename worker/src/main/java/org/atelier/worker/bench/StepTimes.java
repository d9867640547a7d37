package org.atelier.worker.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** How long the parts of steps took. */
final class StepTimes {
    private static final double NANOS_PER_MS = 1e6;

    private final LongSupplier nanos;
    private final Map<Part, List<Double>> milliseconds = new EnumMap<>(Part.class);
    private final List<Double> steps = new ArrayList<>();
    private long mark;
    private long start;

    /** The parts of a step, in their order. */
    enum Part {
        GENERATOR, CLIP, IDENTITY, BACKWARD, OPTIMISER
    }

    /** @param nanos a clock that counts nanoseconds */
    StepTimes(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void begin() {
        start = nanos.getAsLong();
        mark = start;
    }

    /** Everything since the last call was this part. */
    void done(Part part) {
        long now = nanos.getAsLong();
        milliseconds.computeIfAbsent(part, key -> new ArrayList<>()).add((now - mark) / NANOS_PER_MS);
        mark = now;
    }

    void end() {
        steps.add((nanos.getAsLong() - start) / NANOS_PER_MS);
    }

    /** Medians in milliseconds, by {@code step} and by part. */
    Map<String, Double> medians() {
        var medians = new TreeMap<String, Double>();
        medians.put("step", median(steps));
        milliseconds.forEach((part, times) -> medians.put(part.name().toLowerCase(Locale.ROOT), median(times)));
        return medians;
    }

    static double median(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
