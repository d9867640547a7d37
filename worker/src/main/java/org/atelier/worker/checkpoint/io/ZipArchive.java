package org.atelier.worker.checkpoint.io;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;

/**
 * A zip archive, read where it lies: stored entries are regions of the archive, and nothing is ever written. Goes by the
 * central directory (writers pad local headers and leave sizes out of them) and is strict about it: names that point
 * outside, encryption, duplicate names, entries that overlap and headers that disagree are refused.
 *
 * <p>Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3 to 4.5, with zip64. {@code java.util.zip} does not say where the data
 * of an entry lies, so it could not be mapped.
 */
public final class ZipArchive {
    /** How an archive starts. */
    public static final byte[] SIGNATURE = {'P', 'K', 3, 4};

    private static final int LOCAL_HEADER = 0x0403_4b50;
    private static final int CENTRAL_HEADER = 0x0201_4b50;
    private static final int LOCAL_SIZE = 30;
    private static final int CENTRAL_SIZE = 46;

    private final ByteRegion file;
    private final Map<String, ZipEntry> entries;

    private ZipArchive(ByteRegion file, Map<String, ZipEntry> entries) {
        this.file = file;
        this.entries = entries;
    }

    /**
     * Reads the directory of an archive; no entry is touched.
     *
     * @throws RefusedFileException if it is not a sound archive
     */
    public static ZipArchive open(ByteRegion file, ReadLimits limits) {
        var directory = ZipDirectory.find(file, limits);
        var entries = new LinkedHashMap<String, ZipEntry>();
        long at = directory.offset();
        for (long i = 0; i < directory.entries(); i++) {
            if (!file.contains(at, CENTRAL_SIZE) || file.intAt(at) != CENTRAL_HEADER) {
                throw damaged("its directory breaks off after " + i + " of " + directory.entries() + " entries");
            }
            var header = ZipEntry.read(file, at);
            if (entries.put(header.name(), header) != null) {
                throw damaged("two entries are named " + Quoted.of(header.name()));
            }
            at += header.headerSize();
        }
        if (at > directory.offset() + directory.size()) {
            throw damaged("its directory is longer than it says");
        }
        checkLayout(file, entries.values(), directory.offset());
        return new ZipArchive(file, Collections.unmodifiableMap(entries));
    }

    /** Every entry, in the order of the directory. */
    public Collection<ZipEntry> entries() {
        return entries.values();
    }

    /** An entry by its full name. */
    public Optional<ZipEntry> find(String name) {
        return Optional.ofNullable(entries.get(name));
    }

    /**
     * The bytes of a stored entry, in place.
     *
     * @throws RefusedFileException if it is compressed
     */
    public ByteRegion stored(ZipEntry entry) {
        if (entry.compressed()) {
            throw new RefusedFileException(Reason.UNSUPPORTED, "The entry " + Quoted.of(entry.name())
                    + " is compressed; PyTorch only reads and writes stored entries. Somebody packed this archive anew:"
                    + " get the original, or unpack it and pack it again without compression (zip -0).");
        }
        return raw(entry);
    }

    /** The bytes of an entry as they lie in the archive, compressed or not. */
    ByteRegion raw(ZipEntry entry) {
        return file.slice(dataOffset(file, entry), entry.compressedSize());
    }

    private static void checkLayout(ByteRegion file, Collection<ZipEntry> entries, long directory) {
        var inOrder = new ArrayList<>(entries);
        inOrder.sort(Comparator.comparingLong(ZipEntry::localHeader));
        long free = 0;
        for (var entry : inOrder) {
            long data = dataOffset(file, entry);
            if (entry.localHeader() < free || entry.compressedSize() > directory - data) {
                throw damaged("the entry " + Quoted.of(entry.name()) + " overlaps another part of the archive");
            }
            free = data + entry.compressedSize();
        }
    }

    private static long dataOffset(ByteRegion file, ZipEntry entry) {
        long at = entry.localHeader();
        if (!file.contains(at, LOCAL_SIZE) || file.intAt(at) != LOCAL_HEADER) {
            throw damaged("the entry " + Quoted.of(entry.name()) + " is not where the directory says");
        }
        int nameLength = Short.toUnsignedInt(file.shortAt(at + 26));
        int extraLength = Short.toUnsignedInt(file.shortAt(at + 28));
        long data = at + LOCAL_SIZE + nameLength + extraLength;
        if (!file.contains(data, entry.compressedSize())) {
            throw new RefusedFileException(Reason.TRUNCATED, "The archive entry " + Quoted.of(entry.name())
                    + " should have "
                    + entry.compressedSize() + " bytes, which are not all there. Fetch the file again.");
        }
        if (!ZipEntry.decodeName(file.copy(at + LOCAL_SIZE, nameLength)).equals(entry.name())) {
            throw damaged("the entry " + Quoted.of(entry.name()) + " has another name in its own header");
        }
        return data;
    }

    static RefusedFileException damaged(String found) {
        return new RefusedFileException(Reason.MALFORMED,
                "The zip archive contradicts itself: " + found + ". It is damaged or made up; fetch it again.");
    }
}
