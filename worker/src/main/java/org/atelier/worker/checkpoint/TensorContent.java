package org.atelier.worker.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

import ai.djl.ndarray.NDArray;
import org.atelier.worker.checkpoint.value.StoredTensor;
import org.atelier.worker.checkpoint.value.StoredType;

/**
 * A tensor that is going to be written.
 *
 * @param type  of its elements
 * @param shape of it
 * @param bytes gives its elements in row-major order, little-endian; asked once, when its turn has come
 */
public record TensorContent(StoredType type, List<Long> shape, Supplier<ByteBuffer> bytes) {
    public TensorContent {
        shape = List.copyOf(shape);
    }

    /** An array of the tensor engine, which must live until it is written. */
    public static TensorContent of(NDArray array) {
        return new TensorContent(StoredWeights.storedType(array.getDataType()), list(array.getShape().getShape()),
                array::toByteBuffer);
    }

    /** A tensor of a file, as float32, whatever it is stored as there. */
    public static TensorContent asFloats(StoredTensor tensor) {
        return new TensorContent(StoredType.FLOAT32, list(tensor.shape()), () -> {
            var values = tensor.toFloats();
            var buffer = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN);
            buffer.asFloatBuffer().put(values);
            return buffer;
        });
    }

    /** Numbers in memory. */
    public static TensorContent of(float[] values, long... shape) {
        var buffer = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values);
        return new TensorContent(StoredType.FLOAT32, list(shape), buffer::duplicate);
    }

    private static List<Long> list(long... shape) {
        return Arrays.stream(shape).boxed().toList();
    }

    /** The same numbers in another shape of the same size. */
    public TensorContent reshaped(List<Long> other) {
        if (size(other) != elements()) {
            throw new IllegalArgumentException("a tensor of shape " + shape + " cannot become " + other);
        }
        return new TensorContent(type, other, bytes);
    }

    /** How many numbers it has. */
    public long elements() {
        return size(shape);
    }

    private static long size(List<Long> shape) {
        return shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
    }

    /** How many bytes it takes in a file. */
    public long size() {
        return Math.multiplyExact(elements(), type.bytes());
    }
}
