package org.atelier.worker.checkpoint.io;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;

/**
 * An entry of a zip archive, as its directory describes it.
 *
 * @param name           relative, with forward slashes, never pointing outside
 * @param compressed     whether the data is deflated; otherwise it is stored as it is
 * @param compressedSize bytes in the archive
 * @param size           bytes of the content
 * @param crc32          checksum of the content; PyTorch may leave it out, so only deflated data is checked against it
 * @param localHeader    where the entry lies in the archive
 * @param headerSize     bytes of its header in the directory
 */
public record ZipEntry(String name, boolean compressed, long compressedSize, long size, int crc32, long localHeader,
        int headerSize) {
    private static final int FIXED_SIZE = 46;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final int ENCRYPTED = 1;
    private static final int STRONGLY_ENCRYPTED = 1 << 6;
    private static final int ZIP64_FIELD = 1;
    private static final long IN_ZIP64 = 0xFFFF_FFFFL;

    /** Reads a header of the directory, of which at least the fixed part lies inside the file. */
    static ZipEntry read(ByteRegion file, long at) {
        int flags = unsignedShort(file, at + 8);
        int method = unsignedShort(file, at + 10);
        int nameLength = unsignedShort(file, at + 28);
        int extraLength = unsignedShort(file, at + 30);
        int headerSize = FIXED_SIZE + nameLength + extraLength + unsignedShort(file, at + 32);
        if (!file.contains(at, headerSize)) {
            throw ZipArchive.damaged("its directory ends in the middle of a header");
        }
        var name = decodeName(file.copy(at + FIXED_SIZE, nameLength));
        checkName(name);
        var shown = Quoted.of(name);
        if ((flags & (ENCRYPTED | STRONGLY_ENCRYPTED)) != 0) {
            throw new RefusedFileException(Reason.UNSUPPORTED, "The archive entry " + shown
                    + " is encrypted. Unpack the archive with its password, and import what is inside.");
        }
        if (method != STORED && method != DEFLATED) {
            throw new RefusedFileException(Reason.UNSUPPORTED, "The archive entry " + shown
                    + " is compressed by method " + method + "; only stored and deflated entries are read.");
        }
        var extra = new Zip64Fields(file.slice(at + FIXED_SIZE + nameLength, extraLength), shown);
        long size = extra.resolve(unsignedInt(file, at + 24));
        long compressedSize = extra.resolve(unsignedInt(file, at + 20));
        long localHeader = extra.resolve(unsignedInt(file, at + 42));
        if (method == STORED && size != compressedSize) {
            throw ZipArchive.damaged("the stored entry " + shown + " has two sizes");
        }
        return new ZipEntry(name, method == DEFLATED, compressedSize, size, file.intAt(at + 16), localHeader,
                headerSize);
    }

    /** Names are UTF-8 from every writer that matters here; a name of an old code page is taken as Latin-1. */
    static String decodeName(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    private static void checkName(String name) {
        boolean absolute = name.startsWith("/") || name.startsWith(":", 1);
        boolean outside = absolute || name.indexOf('\\') >= 0 || name.indexOf('\0') >= 0
                || List.of(name.split("/", -1)).contains("..");
        if (outside || name.isEmpty()) {
            throw new RefusedFileException(Reason.MALFORMED, "The archive has an entry named \"" + Quoted.of(name)
                    + "\": no name, or one that can lead outside of the folder it is unpacked into. No checkpoint has that;"
                    + " the archive is hostile or damaged. Nothing was written; do not unpack it, get another copy.");
        }
    }

    private static int unsignedShort(ByteRegion file, long at) {
        return Short.toUnsignedInt(file.shortAt(at));
    }

    private static long unsignedInt(ByteRegion file, long at) {
        return Integer.toUnsignedLong(file.intAt(at));
    }

    /** The zip64 field of a header: the 8-byte values of those fields that are full, in their order. */
    private static final class Zip64Fields {
        private final ByteRegion extra;
        private final String name;

        private long next;
        private long end;

        Zip64Fields(ByteRegion extra, String name) {
            this.extra = extra;
            this.name = name;
            for (long at = 0; extra.contains(at, 4);) {
                int length = unsignedShort(extra, at + 2);
                if (unsignedShort(extra, at) == ZIP64_FIELD && extra.contains(at + 4, length)) {
                    next = at + 4;
                    end = next + length;
                    return;
                }
                at += 4L + length;
            }
        }

        long resolve(long field) {
            if (field != IN_ZIP64) {
                return field;
            }
            if (next + Long.BYTES > end) {
                throw ZipArchive.damaged("the entry " + name + " lacks its zip64 sizes");
            }
            long value = extra.longAt(next);
            next += Long.BYTES;
            if (value < 0) {
                throw ZipArchive.damaged("the entry " + name + " has a negative size or place");
            }
            return value;
        }
    }
}
