package org.atelier.worker.edit;

import java.util.List;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import org.atelier.common.job.Reduction;
import org.atelier.worker.tensor.Scope;

/** How far a latent is from another, in the sense that a request names. */
public final class LatentDistance {
    /** Keeps the gradient of the norm finite where both latents are equal, as they are at the start of every edit. */
    private static final float SMALLEST = 1e-12f;

    private LatentDistance() {}

    /**
     * The distance.
     *
     * @param a [N, L, C]
     * @param b [N, L, C]
     * @return []
     */
    public static NDArray between(NDArray a, NDArray b, Reduction reduction) {
        return Scope.compute(() -> {
            var squares = a.sub(b).square();
            return switch (reduction) {
                case SUM -> squares.sum();
                case MEAN -> squares.mean();
                case NORM -> squares.sum().add(SMALLEST).sqrt();
            };
        });
    }

    /**
     * The distance of latents of several parts, such as styles: the sum over the parts. The norm is that of all parts
     * together.
     *
     * @param a parts of any shapes
     * @param b parts of the same shapes
     * @return []
     */
    public static NDArray between(List<NDArray> a, List<NDArray> b, Reduction reduction) {
        return Scope.compute(() -> {
            var perPart = reduction == Reduction.NORM ? Reduction.SUM : reduction;
            var total = IntStream.range(0, a.size())
                    .mapToObj(part -> between(a.get(part), b.get(part), perPart))
                    .reduce(NDArray::add)
                    .orElseThrow();
            return reduction == Reduction.NORM ? total.add(SMALLEST).sqrt() : total;
        });
    }
}
