package org.atelier.worker.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

import org.atelier.common.job.JobRequest;
import org.atelier.common.json.Json;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.edit.Edit;
import org.atelier.worker.tensor.TensorEngine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A benchmark that times steps, of which the median counts. */
abstract class StepBench implements Callable<Integer> {
    private static final double NANOS_PER_MS = 1e6;

    @Mixin
    private final BundleOptions bundle = new BundleOptions();

    @Mixin
    private final Output output = new Output();

    @Option(names = "--steps", defaultValue = "20", description = "Steps that count (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--warm-up", defaultValue = "3", description = "Steps before them (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public final Integer call() throws IOException {
        require(steps >= 1 && warmUp >= 0, "--steps must be at least 1 and --warm-up not negative.");
        check();
        var engine = bundle.engine();
        var figures = new TreeMap<String, Object>();
        figures.put("steps", steps);
        figures.put("environment", engine.environment());
        measure(engine, figures);
        ProcessMemory.peak().ifPresent(bytes -> figures.put("peakMemoryBytes", bytes));
        output.report(figures, spec.commandLine().getOut());
        return 0;
    }

    /** Refuses options that make no sense, see {@link #require}. */
    void check() {
        // most have no others
    }

    /** @throws ParameterException with the message, if it does not hold */
    final void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    /** Measures, by default with the networks of the bundle. */
    void measure(TensorEngine engine, Map<String, Object> figures) throws IOException {
        try (var networks = bundle.open(engine)) {
            figures.put("networks", networks.card().reference());
            figures.put("resolution", networks.generator().resolution());
            measure(networks, figures);
        }
    }

    /**
     * Measures.
     *
     * @param figures takes what was found
     */
    abstract void measure(BundleNetworks networks, Map<String, Object> figures) throws IOException;

    final int steps() {
        return steps;
    }

    final int warmUp() {
        return warmUp;
    }

    /** Steps that {@link #median} makes. */
    final int allSteps() {
        return warmUp + steps;
    }

    /** Makes the next steps, first those to get warm; the median of the others in milliseconds. */
    final double median(Edit edit) {
        var milliseconds = new ArrayList<Double>();
        for (int i = 0; i < allSteps(); i++) {
            double time = milliseconds(edit);
            if (i >= warmUp) {
                milliseconds.add(time);
            }
        }
        return StepTimes.median(milliseconds);
    }

    /** As many sources as {@link #median} makes steps. */
    final List<Map<String, Integer>> seeds() {
        return IntStream.range(0, allSteps()).mapToObj(seed -> Map.of("seed", seed)).toList();
    }

    /** Makes one step; its losses are read, so that a device that computes behind one's back has finished. */
    static double milliseconds(Edit edit) {
        long start = System.nanoTime();
        edit.step();
        return (System.nanoTime() - start) / NANOS_PER_MS;
    }

    /** A request for the bundle: these fields, everything else as by default. */
    static <T extends JobRequest> T request(Class<T> type, String name, BundleNetworks networks,
            Map<String, Object> fields) {
        var all = new TreeMap<>(fields);
        all.put("type", name);
        all.put("bundle", networks.card().reference());
        return type.cast(Json.read(Json.bytes(all), JobRequest.class));
    }
}
