package org.atelier.worker.tensor.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Supplier;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Scope;

/** What an optimiser remembers about each parameter: a step count and some arrays of the parameter's shape. */
final class Moments implements AutoCloseable {
    private static final String STEP = "step";

    private final NDManager manager;

    private final List<String> kinds;

    private final Map<String, NDArray> parameters;

    private final Map<String, NDArray> arrays = new LinkedHashMap<>();

    private final Map<String, Long> steps = new LinkedHashMap<>();

    /**
     * Starts every parameter at step 0.
     *
     * @param parameters by name
     * @param kinds      what is remembered, for example {@code exp_avg}
     * @param initial    first value of a kind for a parameter, a new array
     */
    Moments(Map<String, NDArray> parameters, List<String> kinds, BiFunction<String, NDArray, NDArray> initial) {
        this.parameters = parameters;
        this.kinds = kinds;
        this.manager = parameters.values().iterator().next().getManager().newSubManager();
        parameters.forEach((name, parameter) -> {
            steps.put(name, 0L);
            kinds.forEach(kind -> put(name, kind, () -> initial.apply(kind, parameter)));
        });
    }

    private void put(String name, String kind, Supplier<NDArray> value) {
        arrays.put(key(name, kind), Scope.computeFor(manager, value));
    }

    private static String key(String name, String kind) {
        return name + "/" + kind;
    }

    NDArray get(String name, String kind) {
        return arrays.get(key(name, kind));
    }

    /** Counts a step of a parameter, the first is 1. */
    long nextStep(String name) {
        return steps.merge(name, 1L, Long::sum);
    }

    Map<String, NDArray> state() {
        var state = new TreeMap<String, NDArray>(arrays);
        steps.forEach((name, step) -> state.put(key(name, STEP), HostArrays.of(manager, new long[]{step},
                new Shape())));
        return state;
    }

    void restore(Map<String, NDArray> state) {
        var expected = new TreeSet<>(arrays.keySet());
        steps.keySet().forEach(name -> expected.add(key(name, STEP)));
        if (!expected.equals(state.keySet())) {
            throw new IllegalArgumentException("this is the state of another optimiser: it has " + new TreeSet<>(state
                    .keySet()) + ", wanted are " + expected);
        }
        parameters.forEach((name, parameter) -> {
            steps.put(name, state.get(key(name, STEP)).toType(DataType.INT64, false).getLong());
            for (var kind : kinds) {
                var stored = state.get(key(name, kind));
                if (!stored.getShape().equals(parameter.getShape())) {
                    throw new IllegalArgumentException(key(name, kind) + " has the shape " + stored.getShape()
                            + ", the parameter has " + parameter.getShape());
                }
                get(name, kind).close();
                put(name, kind, stored::duplicate);
            }
        });
    }

    @Override
    public void close() {
        manager.close();
    }
}
