package org.atelier.worker.edit.invert;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.RandomState;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;

/**
 * Where the latents of a generator lie (NVlabs {@code projector.py}).
 *
 * @param mean      of w, [1, C]
 * @param deviation root of the mean squared distance of w from it: one number, so that a usual w is one deviation away
 */
public record LatentStatistics(NDArray mean, double deviation) {
    /** The samples are those of NumPy's {@code RandomState(123)}. */
    private static final int SEED = 123;

    /**
     * Measures them.
     *
     * @param samples how many z are drawn
     * @param manager owns the mean
     */
    public static LatentStatistics of(Generator generator, int samples, NDManager manager) {
        return Scope.call(() -> {
            var z = HostArrays.of(manager, new RandomState(SEED).randnFloat(samples * generator.zSize()), new Shape(
                    samples, generator.zSize()));
            var w = generator.map(z);
            var mean = Scope.computeFor(manager, () -> w.mean(new int[]{0}, true));
            return new LatentStatistics(mean, Math.sqrt(w.sub(mean).square().sum().getFloat() / (double) samples));
        });
    }

    /**
     * How far each row is from the mean, in deviations.
     *
     * @param rows [R, C]
     */
    public float[] distances(NDArray rows) {
        return Scope.call(() -> length(rows).toFloatArray());
    }

    private NDArray length(NDArray rows) {
        return Scalars.div(rows.sub(mean).square().sum(new int[]{1}, true).sqrt(), deviation);
    }

    /**
     * The rows, each pulled straight towards the mean if it is farther away than the limit.
     *
     * @param rows  [R, C]
     * @param limit in deviations
     */
    NDArray bounded(NDArray rows, double limit) {
        return Scope.compute(() -> {
            var farther = Scalars.div(Scalars.maximum(length(rows), limit), limit);
            return mean.add(rows.sub(mean).div(farther));
        });
    }
}
