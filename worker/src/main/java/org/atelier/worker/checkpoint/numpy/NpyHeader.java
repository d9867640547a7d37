package org.atelier.worker.checkpoint.numpy;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.atelier.worker.checkpoint.io.ByteCursor;
import org.atelier.worker.checkpoint.io.ByteRegion;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.atelier.worker.checkpoint.value.NumpyType;

/**
 * What an {@code .npy} file says before its data. Source: {@code numpy.lib.format}, versions 1.0 to 3.0.
 *
 * @param version 1 to 3
 * @param type    of the elements
 * @param order   of the bytes of an element
 * @param fortran whether the first axis varies fastest
 * @param shape   sizes of the axes
 * @param bytes   where the data starts
 */
record NpyHeader(int version, NumpyType type, ByteOrder order, boolean fortran, long[] shape, long bytes) {
    /** How such a file starts. */
    static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    /** The longest header that is read, without the 12 bytes before it; NumPy's own take 128. */
    static final int LONGEST = 1 << 16;

    private static final int NEWEST_VERSION = 3;

    /** A Python dictionary literal with three keys, as NumPy prints it, in any order. */
    private static final Pattern TYPE = Pattern.compile("'descr': '([<>|=]?)([^']*)'");
    private static final Pattern LAYOUT = Pattern.compile("'fortran_order': (True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape': \\(([\\dL, ]*)\\)");
    private static final Pattern SIZE = Pattern.compile("^(\\d{1,18})L?$");
    private static final Pattern RECORD = Pattern.compile("'descr': \\[");

    /** @param name what the file is called in messages */
    static NpyHeader read(ByteRegion file, String name) {
        var in = new ByteCursor(file, name);
        in.take(MAGIC.length);
        int version = in.unsignedByte();
        in.take(1);
        if (version == 0 || version > NEWEST_VERSION) {
            throw new RefusedFileException(Reason.UNSUPPORTED,
                    name + " is of version " + version + " of the .npy format; 1 to 3 are read. Save it with np.save.");
        }
        long length = version == 1 ? in.unsignedShort() : in.unsignedInt();
        if (length > LONGEST) {
            throw new RefusedFileException(Reason.OVER_LIMIT,
                    name + " announces a header of " + length + " bytes; that of an array has about 128.");
        }
        var text = new String(in.take(length).copy(0, (int) length), StandardCharsets.UTF_8);
        if (RECORD.matcher(text).find()) {
            throw new RefusedFileException(Reason.UNSUPPORTED, name
                    + " is an array of records. Save its fields as arrays of their own, for example with np.savez.");
        }
        var type = find(TYPE, text, name);
        var order = type.group(1).isEmpty()
                ? ByteOrder.LITTLE_ENDIAN
                : NumpyType.order(type.group(1).charAt(0)).orElseThrow();
        return new NpyHeader(version, NumpyType.of(type.group(2)), order,
                find(LAYOUT, text, name).group(1).equals("True"), shape(find(SHAPE, text, name).group(1), name),
                in.position());
    }

    private static Matcher find(Pattern pattern, String text, String name) {
        var matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new RefusedFileException(Reason.MALFORMED, name
                    + " has a header that does not tell element type, layout and shape. It is damaged; fetch it again.");
        }
        return matcher;
    }

    /** Sizes; Python 2 wrote an L after long ones. */
    private static long[] shape(String sizes, String name) {
        return Arrays.stream(sizes.split(","))
                .map(String::strip)
                .filter(size -> !size.isEmpty())
                .mapToLong(size -> Long.parseLong(find(SIZE, size, name).group(1)))
                .toArray();
    }
}
