package org.atelier.worker.checkpoint.io;

import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;

/**
 * Where the central directory of a zip archive lies.
 *
 * @param offset  of its first header
 * @param size    in bytes
 * @param entries how many headers it should have
 */
record ZipDirectory(long offset, long size, long entries) {
    private static final int END = 0x0605_4b50;
    private static final int END_SIZE = 22;
    private static final int LONGEST_COMMENT = 0xFFFF;
    private static final int ZIP64_LOCATOR = 0x0706_4b50;
    private static final int ZIP64_LOCATOR_SIZE = 20;
    private static final int ZIP64_END = 0x0606_4b50;
    private static final int ZIP64_END_SIZE = 56;
    private static final int IN_ZIP64 = 0xFFFF;
    private static final long IN_ZIP64_LONG = 0xFFFF_FFFFL;

    static ZipDirectory find(ByteRegion file, ReadLimits limits) {
        long end = findEnd(file);
        var directory = new ZipDirectory(unsignedInt(file, end + 16), unsignedInt(file, end + 12),
                unsignedShort(file, end + 10));
        int disks = unsignedShort(file, end + 4) + unsignedShort(file, end + 6);
        if (directory.entries == IN_ZIP64 || directory.size == IN_ZIP64_LONG || directory.offset == IN_ZIP64_LONG) {
            directory = zip64(file, end);
        } else if (disks != 0) {
            throw new RefusedFileException(Reason.UNSUPPORTED,
                    "This is one part of a zip archive in several parts. Join the parts first (zip -s 0).");
        }
        if (directory.entries < 0 || directory.entries > limits.archiveEntries()) {
            throw new RefusedFileException(Reason.OVER_LIMIT, "The zip archive claims " + directory.entries
                    + " entries; no published checkpoint has more than " + limits.archiveEntries() + ".");
        }
        if (!file.contains(directory.offset, directory.size) || directory.offset + directory.size > end) {
            throw ZipArchive.damaged("its directory does not lie inside the file");
        }
        return directory;
    }

    private static long findEnd(ByteRegion file) {
        long first = Math.max(0, file.size() - END_SIZE - LONGEST_COMMENT);
        for (long at = file.size() - END_SIZE; at >= first; at--) {
            if (file.intAt(at) == END && at + END_SIZE + unsignedShort(file, at + 20) == file.size()) {
                return at;
            }
        }
        throw new RefusedFileException(Reason.TRUNCATED,
                "This is the start of a zip archive (as PyTorch and NumPy write"
                        + " them) whose end is missing: it stops after " + file.size()
                        + " bytes. The download or copy is"
                        + " incomplete; fetch the file again and compare its size with the publisher's.");
    }

    private static ZipDirectory zip64(ByteRegion file, long end) {
        long locator = end - ZIP64_LOCATOR_SIZE;
        if (locator < 0 || file.intAt(locator) != ZIP64_LOCATOR) {
            throw ZipArchive.damaged("it should have a zip64 directory, and has none");
        }
        long at = file.longAt(locator + 8);
        if (!file.contains(at, ZIP64_END_SIZE) || at + ZIP64_END_SIZE > locator || file.intAt(at) != ZIP64_END) {
            throw ZipArchive.damaged("its zip64 directory is not where it says");
        }
        return new ZipDirectory(file.longAt(at + 48), file.longAt(at + 40), file.longAt(at + 32));
    }

    private static int unsignedShort(ByteRegion file, long at) {
        return Short.toUnsignedInt(file.shortAt(at));
    }

    private static long unsignedInt(ByteRegion file, long at) {
        return Integer.toUnsignedLong(file.intAt(at));
    }
}
