package org.atelier.worker.checkpoint.io;

import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;

/**
 * A deflated entry of an archive, inflated anew each time it is asked for: only what is being read is ever in memory. No
 * more bytes are produced, and none are allocated, than the directory announces and {@link ReadLimits} allow.
 */
public final class InflatedEntry {
    /** Deflate cannot do better: a longest match (258 bytes) takes at least two bits. */
    private static final long BEST_RATIO = 1032;
    private static final int SLACK = 1 << 10;
    private static final int LARGEST = Integer.MAX_VALUE - 16;

    private final ByteRegion deflated;
    private final ZipEntry entry;

    /**
     * Checks the announced size, and inflates nothing yet.
     *
     * @throws RefusedFileException if the entry claims to inflate to more than is possible or allowed
     */
    public InflatedEntry(ZipArchive archive, ZipEntry entry, ReadLimits limits) {
        this.deflated = archive.raw(entry);
        this.entry = entry;
        long size = entry.size();
        boolean bomb = size > limits.inflatedBytes() && size / limits.inflation() > entry.compressedSize();
        if (bomb || size / BEST_RATIO > entry.compressedSize() + SLACK) {
            throw new RefusedFileException(Reason.OVER_LIMIT, "The archive entry " + Quoted.of(entry.name()) + " has "
                    + entry.compressedSize() + " bytes and claims to inflate to " + size
                    + ". No weights compress that well: it is damaged, or made to exhaust its reader.");
        }
        if (size > LARGEST) {
            throw new RefusedFileException(Reason.UNSUPPORTED, "The archive entry " + Quoted.of(entry.name())
                    + " inflates to " + size
                    + " bytes; compressed entries are read up to 2 GiB. Save it without compression (np.savez).");
        }
    }

    /** Bytes of the content. */
    public long size() {
        return entry.size();
    }

    /** The first bytes of the content, or all of it where it is shorter. */
    public ByteRegion head(int length) {
        return ByteRegion.of(inflate((int) Math.min(length, entry.size()), false));
    }

    /** The whole content, checked against size and checksum. */
    public ByteRegion all() {
        return ByteRegion.of(inflate((int) entry.size(), true));
    }

    private byte[] inflate(int length, boolean all) {
        var inflater = new Inflater(true);
        try {
            var content = new byte[length];
            int done = 0;
            long at = 0;
            while (done < length && !inflater.finished()) {
                if (inflater.needsInput()) {
                    int step = (int) Math.min(ByteRegion.MAX_WINDOW, deflated.size() - at);
                    if (step == 0) {
                        break;
                    }
                    inflater.setInput(deflated.window(at, step));
                    at += step;
                }
                if (inflater.needsDictionary()) {
                    throw damaged("needs a dictionary");
                }
                done += inflater.inflate(content, done, length - done);
            }
            if (done < length) {
                throw damaged("inflates to " + done + " bytes instead of " + entry.size());
            }
            if (all) {
                checkEnd(inflater, content);
            }
            return content;
        } catch (DataFormatException e) {
            throw new RefusedFileException(Reason.MALFORMED, "The archive entry " + Quoted.of(entry.name())
                    + " is not deflated data (" + e.getMessage() + "). It is damaged; fetch the file again.", e);
        } finally {
            inflater.end();
        }
    }

    private void checkEnd(Inflater inflater, byte[] content) throws DataFormatException {
        if (!inflater.finished() && inflater.inflate(new byte[1]) > 0) {
            throw damaged("inflates to more than the " + entry.size() + " bytes it announces");
        }
        var crc = new CRC32();
        crc.update(content);
        if ((int) crc.getValue() != entry.crc32()) {
            throw damaged("has another checksum than it should");
        }
    }

    private RefusedFileException damaged(String found) {
        return new RefusedFileException(Reason.MALFORMED,
                "The archive entry " + Quoted.of(entry.name()) + " " + found
                        + ". It is damaged; fetch the file again.");
    }
}
