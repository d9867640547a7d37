package org.atelier.worker.edit.delta;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;

/**
 * What a subspace of components means for a text: the mean cosine of all samples that lie near a point of it, whatever
 * else they show. Where a single picture fits by chance, or by other things, some hundred do not.
 *
 * @param explained share of the variance of the cosines that this subspace accounts for
 * @param best      the middle of the samples around the best point: [D]
 */
record SubspaceEffect(double explained, float[] best) {
    /** So many points are looked at, which are samples themselves. */
    private static final int POINTS = 512;
    /** Width of a neighbourhood, as a share of the distance between two samples. */
    private static final double NEAR = 0.25;
    /** So many samples of mean cosine are added to each neighbourhood, or lonely points would be best by chance. */
    private static final double ADDED = 20;

    /**
     * Measures it.
     *
     * @param numbers components of the subspace, of variance 1, [S, D]
     * @param cosines of the samples to the text, [S, 1]
     */
    static SubspaceEffect of(NDArray numbers, NDArray cosines) {
        return Scope.call(() -> {
            var near = near(points(numbers), numbers); // [P, S]
            var weights = near.sum(new int[]{1}, true);
            double all = cosines.mean().getFloat();
            var effects = near.matMul(cosines).add(ADDED * all).div(weights.add(ADDED));
            long best = effects.argMax(0).getLong(0);
            double variance = cosines.sub(all).square().mean().getFloat();
            double effect = effects.sub(effects.mean()).square().mean().getFloat();
            return new SubspaceEffect(variance == 0 ? 0 : effect / variance, near.get(
                    best).reshape(1, -1).matMul(numbers).div(weights.get(best)).toFloatArray());
        });
    }

    /** Samples at equal distances in their order, which is that of chance. */
    private static NDArray points(NDArray numbers) {
        long samples = numbers.getShape().get(0);
        long stride = Math.ceilDiv(samples, POINTS);
        var index = new long[Math.toIntExact(Math.ceilDiv(samples, stride))];
        for (int i = 0; i < index.length; i++) {
            index[i] = i * stride;
        }
        return numbers.get(HostArrays.of(numbers.getManager(), index, new Shape(index.length)));
    }

    /** Weights of samples seen from points, 1 where they are the same, of a normal shape. */
    private static NDArray near(NDArray points, NDArray numbers) {
        var axis = new int[]{1};
        double distance = 2.0 * numbers.getShape().get(1); // squared, of two samples on average
        var apart = points.square().sum(axis, true)
                .add(numbers.square().sum(axis, true).transpose())
                .sub(Scalars.mul(points.matMul(numbers.transpose()), 2));
        return Scalars.div(apart, -2 * NEAR * NEAR * distance).exp();
    }
}
