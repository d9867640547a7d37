package org.atelier.worker.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/** Casts between single and double precision that gradients pass; the engine's own {@code toType} cuts the graph. */
public final class Precision {
    private Precision() {}

    /** In double precision. */
    public static NDArray toDouble(NDArray x) {
        // A sum has the wider type of its terms.
        try (var zero = x.getManager().zeros(new Shape(1), DataType.FLOAT64)) {
            return x.add(zero);
        }
    }

    /** In single precision. */
    public static NDArray toSingle(NDArray x) {
        // A sum in place keeps the type of its target.
        return x.getManager().zeros(x.getShape(), DataType.FLOAT32).addi(x);
    }
}
