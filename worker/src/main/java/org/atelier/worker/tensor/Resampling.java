package org.atelier.worker.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * A separable linear map of pictures: one {@link AxisFilter} for the rows, one for the columns. It runs as two matrix
 * products, and its gradient as two products with the transposed matrices.
 */
public final class Resampling {
    private final AxisFilter vertical;
    private final AxisFilter horizontal;
    private final boolean identity;
    private final NDArray rows;
    private final NDArray columns;

    /**
     * Prepares the map.
     *
     * @param vertical   from H to H'
     * @param horizontal from W to W'
     * @param manager    owns the two matrices
     */
    public Resampling(AxisFilter vertical, AxisFilter horizontal, NDManager manager) {
        this.vertical = vertical;
        this.horizontal = horizontal;
        this.identity = vertical.isIdentity() && horizontal.isIdentity();
        this.rows = vertical.toArray(manager);
        this.columns = horizontal.toArray(manager).transpose();
    }

    /** The same map along both axes of a square picture. */
    public static Resampling square(AxisFilter filter, NDManager manager) {
        return new Resampling(filter, filter, manager);
    }

    /**
     * Applies the map.
     *
     * @param x [N, C, H, W]
     * @return [N, C, H', W']; x itself if the map is the identity
     */
    public NDArray apply(NDArray x) {
        Shapes.require("picture [N, C, H, W]", x, Shapes.ANY, Shapes.ANY, vertical.inputs(), horizontal.inputs());
        if (identity) {
            return x;
        }
        return Scope.compute(() -> rows.matMul(x.matMul(columns)));
    }
}
