package org.atelier.worker.checkpoint.value;

import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import org.atelier.worker.checkpoint.io.Quoted;
import org.atelier.worker.checkpoint.io.ReadBudget;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * An element type of NumPy, by its code: a letter for the kind and the number of bytes ({@code f4}), or of characters
 * ({@code U12}).
 *
 * @param kind     what the elements are
 * @param number   their type if they are numbers
 * @param itemSize bytes of one element in a file; 0 for objects, which are pickled instead
 */
public record NumpyType(Kind kind, @Nullable StoredType number, int itemSize) {
    private static final Pattern CODE = Pattern.compile("([a-zA-Z?])(\\d{0,9})");
    private static final int UTF_32 = 4;

    private static final Map<String, StoredType> NUMBERS = Map.ofEntries(Map.entry("?", StoredType.BOOL),
            Map.entry("b1", StoredType.BOOL), Map.entry("i1", StoredType.INT8), Map.entry("i2", StoredType.INT16),
            Map.entry("i4", StoredType.INT32), Map.entry("i8", StoredType.INT64), Map.entry("u1", StoredType.UINT8),
            Map.entry("u2", StoredType.UINT16), Map.entry("u4", StoredType.UINT32),
            Map.entry("u8", StoredType.UINT64), Map.entry("f2", StoredType.FLOAT16),
            Map.entry("f4", StoredType.FLOAT32), Map.entry("f8", StoredType.FLOAT64));

    /** What elements are. */
    public enum Kind {
        /** Numbers or truth values. */
        NUMBER,
        /** Any Python value. */
        OBJECT,
        /** Texts of a fixed length, in UTF-32. */
        TEXT,
        /** Texts of a fixed length, a byte for a character. */
        BYTE_TEXT
    }

    /**
     * The type of a code.
     *
     * @throws RefusedFileException if there is none, or none that is read: complex numbers, dates, records
     */
    public static NumpyType of(String code) {
        var number = NUMBERS.get(code);
        if (number != null) {
            return new NumpyType(Kind.NUMBER, number, number.bytes());
        }
        var parts = CODE.matcher(code);
        if (parts.matches()) {
            int length = parts.group(2).isEmpty() ? 0 : Integer.parseInt(parts.group(2));
            if (parts.group(1).equals("O")) {
                return new NumpyType(Kind.OBJECT, null, 0);
            }
            if (parts.group(1).equals("U") && length <= Integer.MAX_VALUE / UTF_32) {
                return new NumpyType(Kind.TEXT, null, length * UTF_32);
            }
            if (parts.group(1).equals("S")) {
                return new NumpyType(Kind.BYTE_TEXT, null, length);
            }
        }
        throw new RefusedFileException(Reason.UNSUPPORTED, "A NumPy array has elements of type \"" + Quoted.of(code)
                + "\". Whole numbers, floats of 16 to 64 bits, truth values, texts and objects are read: convert it"
                + " with array.astype(\"float32\").");
    }

    /** The byte order of a letter before a code or in a pickled type; empty if it is none. {@code |} is neither. */
    public static Optional<ByteOrder> order(char letter) {
        return switch (letter) {
            case '<', '=', '|' -> Optional.of(ByteOrder.LITTLE_ENDIAN);
            case '>' -> Optional.of(ByteOrder.BIG_ENDIAN);
            default -> Optional.empty();
        };
    }

    /**
     * An array of this type, which is not {@link Kind#OBJECT}.
     *
     * @param fortran whether the first axis varies fastest in the storage
     * @throws RefusedFileException if the storage has not the size of the shape
     */
    public Value array(ByteOrder order, long[] shape, boolean fortran, Storage storage, ReadBudget budget) {
        if (number != null) {
            return new Value.NumericArray(
                    StoredTensor.dense(number, order, shape, fortran, storage, budget.limits()));
        }
        long bytes = itemSize == 0 ? 0 : storage.size();
        budget.text(bytes);
        long size = StoredTensor.size(shape);
        if (bytes != (double) size * itemSize) {
            throw new RefusedFileException(Reason.MALFORMED, "An array of " + size + " texts of " + itemSize
                    + " bytes has " + storage.size() + " bytes. The file is damaged; fetch it again.");
        }
        var content = storage.content();
        var charset = charset(order);
        var items = new ArrayList<Value>();
        for (long i = 0; i < size; i++) {
            budget.value();
            long item = fortran ? fortranIndex(i, shape) : i;
            items.add(new Value.Text(text(content.copy(item * itemSize, itemSize), charset)));
        }
        return new Value.ObjectArray(Arrays.stream(shape).boxed().toList(), items);
    }

    private Charset charset(ByteOrder order) {
        if (kind == Kind.BYTE_TEXT) {
            return StandardCharsets.ISO_8859_1;
        }
        return order == ByteOrder.BIG_ENDIAN ? Charset.forName("UTF-32BE") : Charset.forName("UTF-32LE");
    }

    /** Texts are padded with zeros. */
    private static String text(byte[] bytes, Charset charset) {
        var padded = new String(bytes, charset);
        int end = padded.length();
        while (end > 0 && padded.charAt(end - 1) == 0) {
            end--;
        }
        return padded.substring(0, end);
    }

    /** Where the element of a row-major index lies in column-major order. */
    private static long fortranIndex(long rowMajor, long... shape) {
        long rest = rowMajor;
        long index = 0;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            long stride = 1;
            for (int before = 0; before < axis; before++) {
                stride *= shape[before];
            }
            index += rest % shape[axis] * stride;
            rest /= shape[axis];
        }
        return index;
    }
}
