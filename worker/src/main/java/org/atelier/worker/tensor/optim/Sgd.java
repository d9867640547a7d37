package org.atelier.worker.tensor.optim;

import java.util.Map;

import ai.djl.ndarray.NDArray;
import org.atelier.worker.tensor.Scope;

/** Plain gradient descent; it has no state. */
public final class Sgd implements Optimizer {
    private final Map<String, NDArray> parameters;

    /** Optimises parameters that the caller owns. */
    public Sgd(Map<String, NDArray> parameters) {
        this.parameters = parameters;
    }

    @Override
    public void step(Map<String, NDArray> gradients, double learningRate) {
        gradients.forEach((name, gradient) -> Scope.run(() -> parameters.get(name).subi(gradient.mul(learningRate))));
    }

    @Override
    public Map<String, NDArray> state() {
        return Map.of();
    }

    @Override
    public void restore(Map<String, NDArray> state) {
        if (!state.isEmpty()) {
            throw new IllegalArgumentException("this is the state of another optimiser: it has " + state.keySet());
        }
    }

    @Override
    public void close() {
        // nothing is owned
    }
}
