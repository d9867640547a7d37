package org.atelier.worker.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.tensor.HostArrays;

/** Weights in the memory of the host, in the order in which they were put there. */
public class HostWeights implements Weights {
    private final Map<String, Shape> shapes = new LinkedHashMap<>();
    private final Map<String, float[]> values = new LinkedHashMap<>();

    /**
     * Adds a tensor, or puts it in the place of another.
     *
     * @param value in row-major order; not copied
     */
    public final void put(String name, float[] value, long... shape) {
        shapes.put(name, new Shape(shape));
        values.put(name, value);
    }

    /** The numbers of a tensor, in row-major order: a copy. */
    public final float[] values(String name) {
        shape(name);
        return values.get(name).clone();
    }

    @Override
    public final Set<String> names() {
        return shapes.keySet();
    }

    @Override
    public final Shape shape(String name) {
        var shape = shapes.get(name);
        if (shape == null) {
            throw new IllegalArgumentException("there is no " + name);
        }
        return shape;
    }

    @Override
    public final NDArray read(String name, NDManager manager) {
        return HostArrays.of(manager, values.get(name), shape(name));
    }
}
