package org.atelier.worker.checkpoint.io;

import java.nio.ByteOrder;

import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;

/** Reads a region from start to end; whoever runs into its end gets a refusal that says where. */
public final class ByteCursor {
    private final ByteRegion region;
    private final String name;

    private long position;

    /** @param name what the region is, for messages: {@code "archive/data.pkl"} */
    public ByteCursor(ByteRegion region, String name) {
        this.region = region;
        this.name = name;
    }

    /** What is read, for messages. */
    public String name() {
        return name;
    }

    /** Bytes read so far. */
    public long position() {
        return position;
    }

    /** Bytes left. */
    public long remaining() {
        return region.size() - position;
    }

    /** 1 byte, 0 to 255. */
    public int unsignedByte() {
        return region.unsignedByte(advance(1));
    }

    /** 2 bytes, 0 to 65535. */
    public int unsignedShort() {
        return Short.toUnsignedInt(region.shortAt(advance(Short.BYTES)));
    }

    /** 4 bytes, signed. */
    public int signedInt() {
        return region.intAt(advance(Integer.BYTES));
    }

    /** 4 bytes, 0 to 2^32-1. */
    public long unsignedInt() {
        return Integer.toUnsignedLong(signedInt());
    }

    /** 8 bytes, signed, in the given order. */
    public long signedLong(ByteOrder order) {
        long value = region.longAt(advance(Long.BYTES));
        return order == ByteOrder.LITTLE_ENDIAN ? value : Long.reverseBytes(value);
    }

    /** The next bytes as a region; nothing is copied. */
    public ByteRegion take(long length) {
        return region.slice(advance(length), length);
    }

    /**
     * The bytes up to the next line feed, as Latin-1.
     *
     * @param longest characters of the longest line that is accepted
     */
    public String line(int longest) {
        var line = new StringBuilder();
        long from = position;
        for (int b = unsignedByte(); b != '\n'; b = unsignedByte()) {
            if (line.length() == longest) {
                throw new RefusedFileException(Reason.MALFORMED, name + " should have a line of at most " + longest
                        + " characters at byte " + from + ", and has none. It is damaged; fetch it again.");
            }
            line.append((char) b);
        }
        return line.toString();
    }

    private long advance(long length) {
        long at = position;
        if (!region.contains(at, length)) {
            throw new RefusedFileException(Reason.TRUNCATED, name + " ends at byte " + region.size()
                    + " in the middle of something: at byte " + at + " it announces " + Long.toUnsignedString(length)
                    + " more bytes. The download or copy is incomplete or damaged; fetch the file again and compare"
                    + " its size with the publisher's.");
        }
        position += length;
        return at;
    }
}
