package org.atelier.worker.tensor;

import java.nio.ByteBuffer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * Brings numbers of the Java heap into the engine. Nothing else may: on the CPU, {@link NDManager#create(float[], Shape)}
 * and its kin make an array whose memory belongs to a Java buffer that lives as long as the Java handle. What the engine
 * keeps of it beyond that (views, inputs of a recorded operation) then reads memory that the garbage collector has given
 * to others, and the numbers of a later step are wrong, rarely and never twice the same.
 */
public final class HostArrays {
    private HostArrays() {}

    /**
     * An array whose memory is the engine's own.
     *
     * @param manager owns it
     * @param values  in row-major order
     */
    public static NDArray of(NDManager manager, float[] values, Shape shape) {
        return own(manager.create(values, shape));
    }

    /** Like {@link #of(NDManager, float[], Shape)}, in double precision. */
    public static NDArray of(NDManager manager, double[] values, Shape shape) {
        return own(manager.create(values, shape));
    }

    /** Like {@link #of(NDManager, float[], Shape)}, of integers. */
    public static NDArray of(NDManager manager, long[] values, Shape shape) {
        return own(manager.create(values, shape));
    }

    /** Like {@link #of(NDManager, float[], Shape)}, of any type; the buffer may be a mapped file. */
    public static NDArray of(NDManager manager, ByteBuffer values, Shape shape, DataType type) {
        return own(manager.create(values, shape, type));
    }

    private static NDArray own(NDArray shared) {
        try (shared) {
            return shared.duplicate();
        }
    }
}
