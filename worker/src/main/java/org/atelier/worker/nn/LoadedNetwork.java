package org.atelier.worker.nn;

import java.util.Map;

import ai.djl.ndarray.NDArray;

/** A network that a {@link WeightLoader} builds: its weights are those that it took, and closing it frees what the loader's manager owns. */
public abstract class LoadedNetwork implements Network {
    private final WeightLoader loader;

    /** @param loader from which the network takes all its weights */
    protected LoadedNetwork(WeightLoader loader) {
        this.loader = loader;
    }

    @Override
    public final Map<String, NDArray> parameters() {
        return loader.taken();
    }

    @Override
    public final void close() {
        loader.manager().close();
    }
}
