package org.atelier.worker.checkpoint;

import java.util.Arrays;

import ai.djl.ndarray.types.DataType;

/** Element types of safetensors files, by their names there. */
public enum ElementType {
    /** IEEE half. */
    F16(2, DataType.FLOAT16),
    /** The upper half of an IEEE single. */
    BF16(2, DataType.FLOAT32),
    /** IEEE single. */
    F32(4, DataType.FLOAT32),
    /** IEEE double. */
    F64(8, DataType.FLOAT64),
    /** Signed byte. */
    I8(1, DataType.INT8),
    /** Unsigned byte. */
    U8(1, DataType.UINT8),
    /** Signed 32 bits. */
    I32(4, DataType.INT32),
    /** Signed 64 bits. */
    I64(8, DataType.INT64),
    /** One byte, 0 or 1. */
    BOOL(1, DataType.BOOLEAN);

    private final int size;
    private final DataType array;

    ElementType(int size, DataType array) {
        this.size = size;
        this.array = array;
    }

    /** Bytes of an element in a file. */
    public int size() {
        return size;
    }

    /** The type of arrays that are made of it: the engine's own, except that BF16 is widened to float32. */
    public DataType array() {
        return array;
    }

    /** The type that arrays are written as. */
    static ElementType of(DataType type) {
        return Arrays.stream(values())
                .filter(element -> element != BF16 && element.array == type)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("arrays of " + type + " cannot be written"));
    }
}
