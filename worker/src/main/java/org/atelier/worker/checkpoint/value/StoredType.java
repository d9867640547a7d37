package org.atelier.worker.checkpoint.value;

import java.util.Arrays;
import java.util.Optional;

import org.atelier.worker.checkpoint.io.ByteRegion;

/** The numbers that tensors are stored as. Each becomes float32: exactly, or rounded to nearest where float32 is narrower. */
public enum StoredType {
    /** One byte; anything but 0 is true. */
    BOOL("bool", 1),
    /** One byte. */
    UINT8("uint8", 1),
    /** One byte, signed. */
    INT8("int8", 1),
    /** Two bytes. */
    UINT16("uint16", 2),
    /** Two bytes, signed. */
    INT16("int16", 2),
    /** Four bytes. */
    UINT32("uint32", 4),
    /** Four bytes, signed. */
    INT32("int32", 4),
    /** Eight bytes. */
    UINT64("uint64", 8),
    /** Eight bytes, signed. */
    INT64("int64", 8),
    /** IEEE 754 half precision. */
    FLOAT16("float16", 2),
    /** The upper half of a float32. */
    BFLOAT16("bfloat16", 2),
    /** IEEE 754 single precision. */
    FLOAT32("float32", 4),
    /** IEEE 754 double precision. */
    FLOAT64("float64", 8);

    private final String label;
    private final int bytes;

    StoredType(String label, int bytes) {
        this.label = label;
        this.bytes = bytes;
    }

    /** The type that PyTorch and NumPy call so: {@code "float32"}. */
    public static Optional<StoredType> named(String label) {
        return Arrays.stream(values()).filter(type -> type.label.equals(label)).findFirst();
    }

    /** What PyTorch and NumPy call it. */
    public String label() {
        return label;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** Whether it counts, so that it has neither fractions nor NaN. */
    public boolean isInteger() {
        return ordinal() < FLOAT16.ordinal();
    }

    /** The element that starts at a byte of a region, as float32. */
    float toFloat(ByteRegion region, long at, boolean bigEndian) {
        return switch (this) {
            case BOOL -> region.unsignedByte(at) == 0 ? 0 : 1;
            case FLOAT16 -> Float.float16ToFloat(shortAt(region, at, bigEndian));
            case BFLOAT16 -> Float.intBitsToFloat(shortAt(region, at, bigEndian) << Short.SIZE);
            case FLOAT32 -> Float.intBitsToFloat(intAt(region, at, bigEndian));
            case FLOAT64 -> (float) toDouble(region, at, bigEndian);
            case UINT64 -> {
                long value = longAt(region, at, bigEndian);
                // Half of it fits a long; the lowest bit is kept, since it can decide the rounding.
                yield value >= 0 ? value : (value >>> 1 | value & 1) * 2f;
            }
            default -> toLong(region, at, bigEndian);
        };
    }

    /** The element that starts at a byte of a region; all but {@link #FLOAT64} by way of float32. */
    double toDouble(ByteRegion region, long at, boolean bigEndian) {
        return this == FLOAT64
                ? Double.longBitsToDouble(longAt(region, at, bigEndian))
                : toFloat(region, at, bigEndian);
    }

    /** The element of an integer type that starts at a byte of a region; of a float type, rounded towards zero. */
    long toLong(ByteRegion region, long at, boolean bigEndian) {
        return switch (this) {
            case BOOL -> region.unsignedByte(at) == 0 ? 0 : 1;
            case UINT8 -> region.unsignedByte(at);
            case INT8 -> (byte) region.unsignedByte(at);
            case UINT16 -> Short.toUnsignedInt(shortAt(region, at, bigEndian));
            case INT16 -> shortAt(region, at, bigEndian);
            case UINT32 -> Integer.toUnsignedLong(intAt(region, at, bigEndian));
            case INT32 -> intAt(region, at, bigEndian);
            case UINT64, INT64 -> longAt(region, at, bigEndian);
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> (long) toDouble(region, at, bigEndian);
        };
    }

    private static short shortAt(ByteRegion region, long at, boolean bigEndian) {
        short value = region.shortAt(at);
        return bigEndian ? Short.reverseBytes(value) : value;
    }

    private static int intAt(ByteRegion region, long at, boolean bigEndian) {
        int value = region.intAt(at);
        return bigEndian ? Integer.reverseBytes(value) : value;
    }

    private static long longAt(ByteRegion region, long at, boolean bigEndian) {
        long value = region.longAt(at);
        return bigEndian ? Long.reverseBytes(value) : value;
    }
}
