package org.atelier.worker.checkpoint.value;

import java.util.function.Supplier;

import org.atelier.worker.checkpoint.io.ByteRegion;
import org.atelier.worker.checkpoint.io.InflatedEntry;

/** The bytes that one or more tensors are views of. */
public final class Storage {
    private final long size;
    private final Supplier<ByteRegion> content;

    private Storage(long size, Supplier<ByteRegion> content) {
        this.size = size;
        this.content = content;
    }

    /** Bytes that lie ready, mapped or in memory. */
    public static Storage of(ByteRegion region) {
        return new Storage(region.size(), () -> region);
    }

    /** Bytes after a header, inflated anew whenever a tensor is read. */
    public static Storage of(InflatedEntry entry, long header) {
        long size = entry.size() - header;
        return new Storage(size, () -> entry.all().slice(header, size));
    }

    /** How many bytes there are. */
    public long size() {
        return size;
    }

    ByteRegion content() {
        return content.get();
    }
}
