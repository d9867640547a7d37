package org.atelier.worker.checkpoint.pickle;

import java.nio.ByteOrder;

import org.atelier.worker.checkpoint.io.ByteRegion;
import org.atelier.worker.checkpoint.io.Quoted;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.atelier.worker.checkpoint.value.Storage;
import org.atelier.worker.checkpoint.value.StoredType;
import org.jspecify.annotations.Nullable;

/**
 * A storage that a pickle refers to. In the zip container its bytes are known at once; a legacy file has them after the
 * pickle.
 */
public final class PickledStorage implements Node {
    private final String key;
    private final StoredType type;
    private final long elements;

    private @Nullable ByteRegion region;

    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

    PickledStorage(String key, StoredType type, long elements) {
        this.key = key;
        this.type = type;
        this.elements = elements;
    }

    /** Its name in the file. */
    public String key() {
        return key;
    }

    /** The type of its elements. */
    public StoredType type() {
        return type;
    }

    /** How many elements the pickle claims that it has. */
    public long elements() {
        return elements;
    }

    /**
     * Says where its bytes are.
     *
     * @param available the bytes there are, of which it takes as many as it claims
     * @throws RefusedFileException if it claims more
     */
    public void bind(ByteRegion available, ByteOrder byteOrder) {
        if (elements < 0 || elements > available.size() / type.bytes()) {
            throw new RefusedFileException(Reason.MALFORMED, "The storage " + Quoted.of(key) + " claims " + elements
                    + " elements of type " + type.label() + ", and there are " + available.size()
                    + " bytes. The file is damaged or made up; fetch it again.");
        }
        region = available.slice(0, elements * type.bytes());
        order = byteOrder;
    }

    /** Whether its bytes are known. */
    public boolean isBound() {
        return region != null;
    }

    ByteOrder order() {
        return order;
    }

    /** Its bytes. */
    ByteRegion region() {
        if (region == null) {
            throw new RefusedFileException(Reason.TRUNCATED, "The storage " + Quoted.of(key)
                    + " is named in the file, and its numbers are not there. The file is incomplete; fetch it again.");
        }
        return region;
    }

    Storage storage() {
        return Storage.of(region());
    }
}
