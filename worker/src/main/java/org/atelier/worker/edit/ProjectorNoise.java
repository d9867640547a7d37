package org.atelier.worker.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;

/**
 * Keeps noise maps that are optimised from carrying the picture (StyleGAN2, section 5 and appendix D; NVlabs
 * {@code projector.py}).
 */
public final class ProjectorNoise {
    /** The pyramid ends at maps of this width. */
    private static final int SMALLEST = 8;

    /** What a map's deviation is divided by. */
    public enum Deviation {
        /** By the number of its pixels: NVlabs. */
        POPULATION,
        /** By one less: rosinality's projector. */
        SAMPLE
    }

    private ProjectorNoise() {}

    /**
     * How much neighbouring pixels are alike, at all resolutions: over a pyramid of means of 2 by 2 pixels, the squares of
     * the mean product of each pixel with its left and with its upper neighbour, around the edges.
     *
     * @param map [H, W], of equal sides, a power of two
     * @return []
     */
    public static NDArray regularization(NDArray map) {
        Shapes.require("noise [H, W]", map, Shapes.ANY, map.getShape().get(0));
        return Scope.compute(() -> {
            long size = map.getShape().get(0);
            var level = map.reshape(1, 1, size, size);
            var sum = correlation(level, 3).add(correlation(level, 2));
            while (level.getShape().get(2) > SMALLEST) {
                level = Pool.avgPool2d(level, new Shape(2, 2), new Shape(2, 2), new Shape(0, 0), false, true);
                sum = sum.add(correlation(level, 3)).add(correlation(level, 2));
            }
            return sum;
        });
    }

    private static NDArray correlation(NDArray map, int axis) {
        long size = map.getShape().get(axis);
        var all = axis == 3 ? ":, :, :, " : ":, :, ";
        var rolled = NDArrays.concat(new NDList(map.get(all + (size - 1) + ":"), map.get(all + ":" + (size - 1))),
                axis);
        return map.mul(rolled).mean().square();
    }

    /**
     * A map with mean 0 and deviation 1.
     *
     * @param map of any shape
     */
    public static NDArray normalized(NDArray map, Deviation deviation) {
        return Scope.compute(() -> {
            var centred = map.sub(map.mean());
            long count = deviation == Deviation.SAMPLE ? map.size() - 1 : map.size();
            return centred.div(Scalars.div(centred.square().sum(), count).sqrt());
        });
    }
}
