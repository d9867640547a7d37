package org.atelier.worker.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * Arithmetic with single numbers, for whatever may be recorded by a {@link GradientTape}.
 *
 * <p>The engine's own {@code x.mul(2)} makes an array of the number in Java memory, and gives it up at once, although the
 * recorded product refers to it until the backward pass: if the garbage collector runs in between, the gradient is
 * multiplied by whatever lies there then. Here the number is the engine's own, see {@link HostArrays}.
 */
public final class Scalars {
    private Scalars() {}

    /** {@code x * factor}, in the type of x. */
    public static NDArray mul(NDArray x, double factor) {
        try (var number = number(x, factor)) {
            return x.mul(number);
        }
    }

    /** {@code x / divisor}, in the type of x. */
    public static NDArray div(NDArray x, double divisor) {
        try (var number = number(x, divisor)) {
            return x.div(number);
        }
    }

    /** {@code x ^ exponent}, in the type of x. */
    public static NDArray pow(NDArray x, double exponent) {
        try (var number = number(x, exponent)) {
            return x.pow(number);
        }
    }

    /** The larger of x and a limit, in the type of x. */
    public static NDArray maximum(NDArray x, double limit) {
        try (var number = number(x, limit)) {
            return x.maximum(number);
        }
    }

    private static NDArray number(NDArray x, double value) {
        return switch (x.getDataType()) {
            case FLOAT64 -> HostArrays.of(x.getManager(), new double[]{value}, new Shape());
            case FLOAT32 -> HostArrays.of(x.getManager(), new float[]{(float) value}, new Shape());
            default -> throw new IllegalArgumentException("arithmetic with single numbers is for " + DataType.FLOAT32
                    + " and " + DataType.FLOAT64 + ", not for " + x.getDataType());
        };
    }
}
