package org.atelier.worker.checkpoint.value;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

import org.atelier.worker.checkpoint.io.ReadLimits;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;

/**
 * A tensor as it lies in a file: a strided view of a storage, which it may share with others. That the view lies inside of
 * the storage was checked when it was made. Its numbers are read when they are asked for, each time anew.
 */
public final class StoredTensor {
    /** The most axes that a tensor can have: as in NumPy; PyTorch stores no more either. */
    public static final int MOST_AXES = 64;

    /** Java arrays cannot be longer. */
    private static final long LARGEST = Integer.MAX_VALUE - 8L;

    private final StoredType type;
    private final ByteOrder order;
    private final long[] shape;
    private final long[] strides;
    private final long offset;
    private final long size;
    private final Storage storage;

    private StoredTensor(StoredType type, ByteOrder order, long[] shape, long[] strides, long offset, long size,
            Storage storage) {
        this.type = type;
        this.order = order;
        this.shape = shape;
        this.strides = strides;
        this.offset = offset;
        this.size = size;
        this.storage = storage;
    }

    /**
     * A view of a storage.
     *
     * @param shape   sizes, none negative
     * @param strides elements between neighbours along each axis: 0 for an expanded axis, never negative
     * @param offset  elements before the first one
     * @throws RefusedFileException if the view does not lie inside of the storage, or is far larger than it
     */
    public static StoredTensor view(StoredType type, ByteOrder order, long[] shape, long[] strides, long offset,
            Storage storage, ReadLimits limits) {
        long size = size(shape);
        if (shape.length != strides.length || offset < 0 || hasNegative(shape) || hasNegative(strides)) {
            throw refused("of shape " + Arrays.toString(shape) + " has " + strides.length
                    + " strides, or one, an offset or a size that is negative");
        }
        long available = storage.size() / type.bytes();
        if (size > 0 && end(shape, strides, offset) > available) {
            throw refused("of shape " + Arrays.toString(shape) + ", strides " + Arrays.toString(strides)
                    + " and offset "
                    + offset + " reaches beyond the " + available + " elements of its storage");
        }
        if (size > LARGEST || size > available && size > limits.expandedElements()) {
            throw new RefusedFileException(Reason.OVER_LIMIT, "A tensor of shape " + Arrays.toString(shape)
                    + " claims " + size + " elements over a storage of " + available
                    + ". No published checkpoint does; it is damaged, or made to exhaust its reader.");
        }
        return new StoredTensor(type, order, shape.clone(), strides.clone(), offset, size, storage);
    }

    /**
     * A tensor that fills its storage.
     *
     * @param fortran whether the first axis varies fastest, instead of the last
     * @throws RefusedFileException if the storage has another size than the shape
     */
    public static StoredTensor dense(StoredType type, ByteOrder order, long[] shape, boolean fortran, Storage storage,
            ReadLimits limits) {
        long size = size(shape);
        if (hasNegative(shape)) {
            throw refused("has the shape " + Arrays.toString(shape));
        }
        if (size != storage.size() / type.bytes() || storage.size() % type.bytes() != 0) {
            throw new RefusedFileException(size > storage.size() / type.bytes() ? Reason.TRUNCATED : Reason.MALFORMED,
                    "A tensor of " + size + " elements of type " + type.label() + " (shape " + Arrays.toString(shape)
                            + ") has " + storage.size()
                            + " bytes. The download or copy is incomplete or damaged; fetch the"
                            + " file again and compare its size with the publisher's.");
        }
        var strides = new long[shape.length];
        long stride = 1;
        for (int i = 0; i < shape.length; i++) {
            int axis = fortran ? i : shape.length - 1 - i;
            strides[axis] = stride;
            stride *= Math.max(1, shape[axis]);
        }
        return view(type, order, shape, strides, 0, storage, limits);
    }

    /**
     * The product of the sizes of a shape.
     *
     * @throws RefusedFileException if it is more than a long holds, or the shape has too many axes
     */
    public static long size(long... shape) {
        if (shape.length > MOST_AXES) {
            throw refused("has " + shape.length + " axes");
        }
        // A size of 0 makes the product 0 whatever the others are.
        if (Arrays.stream(shape).anyMatch(length -> length == 0)) {
            return 0;
        }
        try {
            long size = 1;
            for (long length : shape) {
                size = Math.multiplyExact(size, length);
            }
            return size;
        } catch (ArithmeticException e) {
            throw new RefusedFileException(Reason.MALFORMED, "A tensor of shape " + Arrays.toString(shape)
                    + " is larger than any file. The file is damaged or made up; fetch it again.", e);
        }
    }

    private static long end(long[] shape, long[] strides, long offset) {
        try {
            long last = offset;
            for (int axis = 0; axis < shape.length; axis++) {
                last = Math.addExact(last, Math.multiplyExact(shape[axis] - 1, strides[axis]));
            }
            return Math.addExact(last, 1);
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    private static boolean hasNegative(long... values) {
        return Arrays.stream(values).anyMatch(value -> value < 0);
    }

    private static RefusedFileException refused(String found) {
        return new RefusedFileException(Reason.MALFORMED,
                "A tensor " + found + ". The file is damaged or made up; fetch it again.");
    }

    /** What its numbers are stored as. */
    public StoredType type() {
        return type;
    }

    /** Its sizes; empty for a single number. */
    public long[] shape() {
        return shape.clone();
    }

    /** How many numbers it has. */
    public long size() {
        return size;
    }

    /** Its numbers as float32, in row-major order. Takes 4 bytes of heap a number, and nothing else that lasts. */
    public float[] toFloats() {
        var values = new float[(int) size];
        new StridedReader(this, storage.content()).read(values);
        return values;
    }

    /**
     * Its bytes, if they lie in the file as they are wanted in memory: row by row without gaps, little-endian. They are
     * outside of the heap, where a tensor engine can read them: the mapped file itself where it is mapped in one piece,
     * otherwise a copy. Empty for any other tensor; {@link #toFloats} reads those.
     */
    public Optional<ByteBuffer> denseBytes() {
        if (bigEndian() && type.bytes() > 1 || !isRowMajor() || size * type.bytes() > LARGEST) {
            return Optional.empty();
        }
        return Optional.of(storage.content().direct(offset * type.bytes(), Math.toIntExact(size * type.bytes())));
    }

    private boolean isRowMajor() {
        long stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            if (shape[axis] > 1 && strides[axis] != stride) {
                return false;
            }
            stride *= shape[axis];
        }
        return true;
    }

    /**
     * The one whole number of a tensor of a single element.
     *
     * @throws IllegalStateException if it has more elements, or is no integer
     */
    public long toLong() {
        if (size != 1 || !type.isInteger()) {
            throw new IllegalStateException("not a single integer: " + this);
        }
        return type.toLong(storage.content(), offset * type.bytes(), bigEndian());
    }

    /**
     * The one number of a tensor of a single element; only of {@link StoredType#FLOAT64} it has more than the precision of
     * float32.
     *
     * @throws IllegalStateException if it has more elements
     */
    public double toDouble() {
        if (size != 1) {
            throw new IllegalStateException("not a single number: " + this);
        }
        return type.toDouble(storage.content(), offset * type.bytes(), bigEndian());
    }

    boolean bigEndian() {
        return order == ByteOrder.BIG_ENDIAN;
    }

    long[] strides() {
        return strides;
    }

    long offset() {
        return offset;
    }

    @Override
    public String toString() {
        return type.label() + Arrays.toString(shape);
    }
}
