package org.atelier.worker.edit.mapper;

import java.util.Map;
import java.util.TreeMap;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.worker.tensor.InPlace;
import org.atelier.worker.tensor.Scope;

/** A copy of weights at their best. */
final class BestWeights {
    private final Map<String, NDArray> weights;
    private final NDManager manager;
    private final Map<String, NDArray> copies = new TreeMap<>();

    /**
     * Starts without a copy.
     *
     * @param weights that train
     * @param manager owns the copies
     */
    BestWeights(Map<String, NDArray> weights, NDManager manager) {
        this.weights = weights;
        this.manager = manager;
    }

    /** They are at their best now. */
    void take() {
        weights.forEach((name, weight) -> put(name, weight));
    }

    /** The best of a weight is this. */
    void put(String name, NDArray value) {
        var old = copies.put(name, Scope.computeFor(manager, value::duplicate));
        if (old != null) {
            old.close();
        }
    }

    /** The copies by name; empty if none were taken. */
    Map<String, NDArray> copies() {
        return copies;
    }

    /** The weights are again what they were at their best. */
    void putBack() {
        copies.forEach((name, copy) -> Scope.run(() -> InPlace.assign(weights.get(name), copy)));
    }
}
