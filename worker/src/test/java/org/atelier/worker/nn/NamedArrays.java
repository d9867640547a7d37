package org.atelier.worker.nn;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.tensor.RandomState;

/** Weights in memory, for tests of names and shapes. */
public record NamedArrays(Map<String, float[]> values, Map<String, Shape> shapes) implements Weights {
    /** Nothing yet. */
    public NamedArrays() {
        this(new TreeMap<>(), new TreeMap<>());
    }

    /** Adds small random numbers, the same for the same name and shape. */
    public NamedArrays random(String name, long... shape) {
        var size = new Shape(shape);
        var numbers = new RandomState(Integer.toUnsignedLong(name.hashCode())).randnFloat(Math.toIntExact(size
                .size()));
        double fanIn = Math.max(1, (double) size.size() / Math.max(1, shape.length == 0 ? 1 : shape[0]));
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) (numbers[i] / Math.sqrt(fanIn));
        }
        return put(name, size, numbers);
    }

    /** Adds numbers that are all the same. */
    public NamedArrays filled(String name, double value, long... shape) {
        var size = new Shape(shape);
        var numbers = new float[Math.toIntExact(size.size())];
        Arrays.fill(numbers, (float) value);
        return put(name, size, numbers);
    }

    private NamedArrays put(String name, Shape shape, float[] numbers) {
        values.put(name, numbers);
        shapes.put(name, shape);
        return this;
    }

    /** The same weights under other names. */
    public NamedArrays renamed(UnaryOperator<String> name) {
        var renamed = new NamedArrays();
        values.forEach((key, numbers) -> renamed.put(name.apply(key), shapes.get(key), numbers));
        return renamed;
    }

    /** All but one. */
    public NamedArrays without(String name) {
        var rest = renamed(UnaryOperator.identity());
        rest.values.remove(name);
        rest.shapes.remove(name);
        return rest;
    }

    @Override
    public Set<String> names() {
        return values.keySet();
    }

    @Override
    public Shape shape(String name) {
        return shapes.get(name);
    }

    @Override
    public NDArray read(String name, NDManager manager) {
        return manager.create(values.get(name), shapes.get(name));
    }
}
