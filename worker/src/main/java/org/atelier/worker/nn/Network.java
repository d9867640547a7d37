package org.atelier.worker.nn;

import java.util.Map;

import ai.djl.ndarray.NDArray;

/** A network with its weights on a device. Passes may run on several threads; closing frees the weights. */
public interface Network extends AutoCloseable {
    /** All weights by their published names: the network's own arrays. */
    Map<String, NDArray> parameters();

    @Override
    void close();
}
