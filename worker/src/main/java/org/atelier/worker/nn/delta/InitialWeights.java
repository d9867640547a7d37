package org.atelier.worker.nn.delta;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.tensor.HostArrays;

/** Weights that a mapper starts its training with. */
final class InitialWeights implements Weights {
    private final Map<String, Shape> shapes = new LinkedHashMap<>();
    private final Map<String, float[]> values = new LinkedHashMap<>();

    InitialWeights with(String name, float[] value, long... shape) {
        shapes.put(name, new Shape(shape));
        values.put(name, value);
        return this;
    }

    @Override
    public Set<String> names() {
        return shapes.keySet();
    }

    @Override
    public Shape shape(String name) {
        var shape = shapes.get(name);
        if (shape == null) {
            throw new IllegalArgumentException("there is no " + name);
        }
        return shape;
    }

    @Override
    public NDArray read(String name, NDManager manager) {
        return HostArrays.of(manager, values.get(name), shape(name));
    }
}
