package org.atelier.worker.bench;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.nn.WeightMismatchException;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.tensor.Scalars;

/** Weights of the right shapes and plausible sizes: enough to take the time that real ones take, and to stay finite. */
final class RandomWeights implements Weights {
    private final Map<String, Shape> shapes;
    private final boolean equalized;

    private RandomWeights(Map<String, Shape> shapes, boolean equalized) {
        this.shapes = Map.copyOf(shapes);
        this.equalized = equalized;
    }

    /**
     * Builds a network with random weights.
     *
     * @param equalized whether its layers scale unit weights themselves, as those of a StyleGAN
     * @param load      loads it; called twice, because what it takes is found out by giving it nothing
     */
    static <T> T build(boolean equalized, Function<Weights, T> load) {
        return load.apply(new RandomWeights(wanted(load), equalized));
    }

    private static Map<String, Shape> wanted(Function<Weights, ?> load) {
        try {
            load.apply(new RandomWeights(Map.of(), false));
        } catch (WeightMismatchException e) {
            return e.missingShapes();
        }
        throw new IllegalArgumentException("a network without weights needs no random ones");
    }

    @Override
    public Set<String> names() {
        return shapes.keySet();
    }

    @Override
    public Shape shape(String name) {
        return shapes.get(name);
    }

    @Override
    public NDArray read(String name, NDManager manager) {
        var shape = shapes.get(name);
        if (shape.dimension() < 2) {
            return name.endsWith("weight") || name.endsWith("running_var")
                    ? manager.ones(shape)
                    : manager.zeros(shape);
        }
        double fanIn = (double) shape.size() / shape.get(0);
        double scale = Math.sqrt(3) / (equalized ? 1 : Math.sqrt(fanIn));
        try (var unit = manager.randomUniform(-1, 1, shape)) {
            return Scalars.mul(unit, scale);
        }
    }
}
