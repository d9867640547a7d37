package org.atelier.worker.nn.stylegan3;

import ai.djl.ndarray.NDArray;
import org.atelier.worker.nn.Placement;

/**
 * Where the sampling grid of the input layer lies: the affine map that the network applies to its coordinates, which is
 * the <em>inverse</em> of what happens to the picture (NVlabs {@code synthesis.input.transform}). The unit is the width
 * of the picture, the origin its centre, x goes to the right and y down.
 *
 * @param xx row 1, column 1
 * @param xy row 1, column 2
 * @param x0 row 1, column 3
 * @param yx row 2, column 1
 * @param yy row 2, column 2
 * @param y0 row 2, column 3; the third row is 0, 0, 1
 */
public record InputTransform(double xx, double xy, double x0, double yx, double yy, double y0) {
    private static final double TOLERANCE = 1e-6;
    /** Leaves the picture where it is. */
    public static final InputTransform IDENTITY = new InputTransform(1, 0, 0, 0, 1, 0);

    /**
     * A matrix as it is stored.
     *
     * @param matrix [3, 3], the third row 0, 0, 1
     */
    public static InputTransform of(NDArray matrix) {
        var m = matrix.toFloatArray();
        if (m.length != 9 || m[6] != 0 || m[7] != 0 || m[8] != 1) {
            throw new IllegalArgumentException("an input transform is a matrix [3, 3] whose last row is 0, 0, 1");
        }
        return new InputTransform(m[0], m[1], m[2], m[3], m[4], m[5]);
    }

    /** Puts the picture at a place. */
    public static InputTransform of(Placement placement) {
        double cos = Math.cos(Math.toRadians(placement.degrees()));
        double sin = Math.sin(Math.toRadians(placement.degrees()));
        return new InputTransform(cos, sin, placement.right(), -sin, cos, placement.down()).inverse();
    }

    /** What another map and then this one do to coordinates: the product of the matrices. */
    InputTransform after(InputTransform first) {
        return new InputTransform(
                xx * first.xx + xy * first.yx, xx * first.xy + xy * first.yy, xx * first.x0 + xy * first.y0 + x0,
                yx * first.xx + yy * first.yx, yx * first.xy + yy * first.yy, yx * first.x0 + yy * first.y0 + y0);
    }

    /**
     * This map.
     *
     * @throws IllegalArgumentException if it does more than turn and shift
     */
    InputTransform rigid() {
        if (Math.abs(xx - yy) + Math.abs(xy + yx) + Math.abs(xx * yy - xy * yx - 1) > TOLERANCE) {
            throw new IllegalArgumentException("the generator's stored input transform stretches pictures, so that they"
                    + " cannot be placed");
        }
        return this;
    }

    /**
     * The opposite map.
     *
     * @throws IllegalArgumentException if there is none
     */
    public InputTransform inverse() {
        double determinant = xx * yy - xy * yx;
        if (determinant == 0 || !Double.isFinite(determinant)) {
            throw new IllegalArgumentException("the input transform cannot be inverted: " + this);
        }
        double a = yy / determinant;
        double b = -xy / determinant;
        double c = -yx / determinant;
        double d = xx / determinant;
        return new InputTransform(a, b, -(a * x0 + b * y0), c, d, -(c * x0 + d * y0));
    }
}
