package org.atelier.worker.nn.encoder;

import java.util.Optional;

import ai.djl.ndarray.NDArray;
import org.atelier.worker.nn.WeightLoader;

/** The mean latent of a checkpoint, stored as one row or as all of them. */
final class MeanLatent {
    private static final String NAME = "latent_avg";

    private MeanLatent() {}

    /**
     * Loads it, where there is one.
     *
     * @param rows that it may have beside one
     * @return [rows, C] or [1, C]
     */
    static Optional<NDArray> load(WeightLoader loader, int rows, long width) {
        var shape = loader.shape(NAME);
        if (shape.isEmpty()) {
            return Optional.empty();
        }
        if (shape.size() == 1) {
            var row = loader.take(NAME, width).reshape(1, width);
            row.attach(loader.manager());
            return Optional.of(row);
        }
        return Optional.of(loader.take(NAME, shape.getFirst() == 1 ? 1 : rows, width));
    }
}
