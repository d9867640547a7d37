package org.atelier.worker.checkpoint.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.atelier.common.artifact.Digest;

/**
 * A range of bytes, of a mapped file or in memory. Slicing copies nothing; every access is checked against the range.
 * Multi-byte values are little-endian.
 *
 * <p>A mapping outlives its file handle and ends when no region refers to it any more. A file that is cut short while it is
 * mapped makes the JVM throw {@link InternalError}: import from a copy that nobody else writes.
 */
public final class ByteRegion {
    /** The longest range that {@link #window} gives as one buffer, in bytes. */
    public static final int MAX_WINDOW = 1 << 20;

    /** A Java buffer holds less than 2 GiB: a file is mapped in pieces of 1 GiB, each a window longer than its part. */
    private static final int CHUNK_BITS = 30;
    private static final int ONE_CHUNK = 62;

    private final List<ByteBuffer> chunks;
    private final int chunkBits;
    private final long start;
    private final long size;

    private ByteRegion(List<ByteBuffer> chunks, int chunkBits, long start, long size) {
        this.chunks = chunks;
        this.chunkBits = chunkBits;
        this.start = start;
        this.size = size;
    }

    /** The bytes of an array, which must not change afterwards. */
    public static ByteRegion of(byte[] bytes) {
        return new ByteRegion(List.of(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)), ONE_CHUNK, 0,
                bytes.length);
    }

    /** A file, mapped read-only: its bytes take no heap and are read when they are touched. */
    public static ByteRegion map(Path file) throws IOException {
        return map(file, CHUNK_BITS);
    }

    /** @param chunkBits the size of a piece, as a power of two of at least {@link #MAX_WINDOW} */
    static ByteRegion map(Path file, int chunkBits) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            var chunks = new ArrayList<ByteBuffer>();
            for (long at = 0; at < size; at += 1L << chunkBits) {
                long length = Math.min((1L << chunkBits) + MAX_WINDOW, size - at);
                chunks.add(channel.map(MapMode.READ_ONLY, at, length).order(ByteOrder.LITTLE_ENDIAN));
            }
            return new ByteRegion(List.copyOf(chunks), chunkBits, 0, size);
        }
    }

    /** How many bytes there are. */
    public long size() {
        return size;
    }

    /** Whether a range lies inside; safe against overflow. */
    public boolean contains(long offset, long length) {
        return offset >= 0 && length >= 0 && offset <= size && length <= size - offset;
    }

    /**
     * A part of this region.
     *
     * @throws IndexOutOfBoundsException if it does not lie inside
     */
    public ByteRegion slice(long offset, long length) {
        Objects.checkFromIndexSize(offset, length, size);
        return new ByteRegion(chunks, chunkBits, start + offset, length);
    }

    /** The byte at a position, 0 to 255. */
    public int unsignedByte(long at) {
        Objects.checkIndex(at, size);
        return Byte.toUnsignedInt(chunk(at).get(position(at)));
    }

    /** The 2 bytes from a position on. */
    public short shortAt(long at) {
        Objects.checkFromIndexSize(at, Short.BYTES, size);
        return chunk(at).getShort(position(at));
    }

    /** The 4 bytes from a position on. */
    public int intAt(long at) {
        Objects.checkFromIndexSize(at, Integer.BYTES, size);
        return chunk(at).getInt(position(at));
    }

    /** The 8 bytes from a position on. */
    public long longAt(long at) {
        Objects.checkFromIndexSize(at, Long.BYTES, size);
        return chunk(at).getLong(position(at));
    }

    /** A read-only, little-endian buffer over at most {@link #MAX_WINDOW} bytes, from position 0. */
    public ByteBuffer window(long at, int length) {
        Objects.checkFromIndexSize(at, length, size);
        if (length > MAX_WINDOW) {
            throw new IllegalArgumentException("a window has at most " + MAX_WINDOW + " bytes, not " + length);
        }
        return length == 0
                ? ByteBuffer.allocate(0)
                : chunk(at).slice(position(at), length).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * A read-only, little-endian buffer outside of the heap: the mapped bytes themselves if they lie in one piece, else a
     * copy.
     */
    public ByteBuffer direct(long at, int length) {
        Objects.checkFromIndexSize(at, length, size);
        if (length > 0 && chunk(at).isDirect() && length <= chunk(at).capacity() - position(at)) {
            return chunk(at).slice(position(at), length).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
        }
        var buffer = ByteBuffer.allocateDirect(length);
        for (int done = 0; done < length;) {
            int step = Math.min(MAX_WINDOW, length - done);
            buffer.put(window(at + done, step));
            done += step;
        }
        return buffer.flip().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A copy of a range in memory. */
    public byte[] copy(long at, int length) {
        Objects.checkFromIndexSize(at, length, size);
        var bytes = new byte[length];
        for (int done = 0; done < length;) {
            int step = Math.min(MAX_WINDOW, length - done);
            window(at + done, step).get(bytes, done, step);
            done += step;
        }
        return bytes;
    }

    /** Whether the range at a position has these bytes; false where it would not lie inside. */
    public boolean startsWith(long at, byte... bytes) {
        if (!contains(at, bytes.length)) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if ((byte) unsignedByte(at + i) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    /** The SHA-256 of the whole region. */
    public Digest sha256() {
        var sha = Digest.sha256();
        for (long at = 0; at < size;) {
            int step = (int) Math.min(MAX_WINDOW, size - at);
            sha.update(window(at, step));
            at += step;
        }
        return Digest.finish(sha);
    }

    private ByteBuffer chunk(long at) {
        return chunks.get((int) (start + at >>> chunkBits));
    }

    private int position(long at) {
        return (int) (start + at & (1L << chunkBits) - 1);
    }
}
