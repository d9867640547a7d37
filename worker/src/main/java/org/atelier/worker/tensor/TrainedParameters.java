package org.atelier.worker.tensor;

import java.util.LinkedHashMap;
import java.util.Map;

import ai.djl.ndarray.NDArray;

/**
 * Parameters of a network while they train: from here to {@link #close} a {@link GradientTape} records what is computed
 * from them, and the network's {@link Derived} arrays follow every change.
 *
 * <p>The engine adds each backward pass to the gradients that are there, and refuses changes in place of an array that it
 * records: {@link #takeGradients} and {@link #change} see to both.
 */
public final class TrainedParameters implements AutoCloseable {
    private final Map<String, NDArray> parameters;

    /**
     * Starts training.
     *
     * @param parameters by name; they stay the caller's
     */
    public TrainedParameters(Map<String, NDArray> parameters) {
        this.parameters = parameters;
        record(true);
    }

    private void record(boolean on) {
        parameters.values().forEach(parameter -> parameter.setRequiresGradient(on));
    }

    /** The parameters themselves. */
    public Map<String, NDArray> arrays() {
        return parameters;
    }

    /** The gradients since they were last taken, by name: new arrays. The next ones start at zero. */
    public Map<String, NDArray> takeGradients() {
        var gradients = new LinkedHashMap<String, NDArray>();
        parameters.forEach((name, parameter) -> {
            var gradient = parameter.getGradient();
            gradients.put(name, gradient.duplicate());
            gradient.muli(0);
        });
        return gradients;
    }

    /** Runs something that changes the parameters in place. */
    public void change(Runnable change) {
        record(false);
        try {
            change.run();
        } finally {
            record(true);
        }
    }

    /** Overwrites a parameter. */
    public void set(String name, NDArray value) {
        var parameter = parameters.get(name);
        Shapes.require(name, value, parameter.getShape().getShape());
        change(() -> Scope.run(() -> InPlace.assign(parameter, value)));
    }

    @Override
    public void close() {
        record(false);
    }
}
