package org.atelier.worker.nn.stylegan3;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.tensor.Scope;

/**
 * Holds the filters that published files store against those that follow from the hyper-parameters. They are the only
 * stored numbers that tell a wrong cutoff or stop band.
 *
 * @param layer  whose filters these are, for messages
 * @param loader of that layer
 */
record StoredFilters(String layer, WeightLoader loader) {
    /** Largest deviation of a tap; taps are below 1 and stored as float32. */
    private static final double TOLERANCE = 1e-6;

    /**
     * Checks a filter, if it is stored.
     *
     * @param designed [taps][1] of a separable filter, or [taps][taps]
     * @throws IllegalArgumentException if the stored one is another
     */
    void check(String name, double[][] designed) {
        if (!loader.has(name)) {
            return;
        }
        int columns = designed[0].length;
        var shape = columns == 1 ? new Shape(designed.length) : new Shape(designed.length, columns);
        var stored = loader.take(name, shape.getShape());
        double worst = Scope.call(() -> deviation(stored, designed));
        if (!(worst <= TOLERANCE)) {
            throw new IllegalArgumentException("The stored " + name + " of " + layer + " differs by up to " + worst
                    + " from the one that follows from the hyper-parameters: first_cutoff, first_stopband,"
                    + " last_stopband_rel, num_critical or filter_size of the configuration are not those of these weights"
                    + ", or the shapes do not fit.");
        }
    }

    private static double deviation(NDArray stored, double[][] designed) {
        var taps = stored.toFloatArray();
        int columns = designed[0].length;
        double worst = 0;
        for (int i = 0; i < taps.length; i++) {
            double distance = Math.abs(taps[i] - designed[i / columns][i % columns]);
            worst = distance <= worst ? worst : distance;
        }
        return worst;
    }
}
