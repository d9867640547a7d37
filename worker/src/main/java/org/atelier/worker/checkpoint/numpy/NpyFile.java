package org.atelier.worker.checkpoint.numpy;

import org.atelier.worker.checkpoint.io.ByteCursor;
import org.atelier.worker.checkpoint.io.ByteRegion;
import org.atelier.worker.checkpoint.io.InflatedEntry;
import org.atelier.worker.checkpoint.io.ReadBudget;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.atelier.worker.checkpoint.pickle.AllowList;
import org.atelier.worker.checkpoint.pickle.Unpickler;
import org.atelier.worker.checkpoint.torch.LegacyFile;
import org.atelier.worker.checkpoint.value.NumpyType.Kind;
import org.atelier.worker.checkpoint.value.Storage;
import org.atelier.worker.checkpoint.value.Value;

/**
 * An {@code .npy} file: a header and an array.
 *
 * @param version of the format, 1 to 3
 * @param array   a {@link Value.NumericArray} or a {@link Value.ObjectArray}
 */
public record NpyFile(int version, Value array) {
    /** Whether a region starts as such a file does. */
    public static boolean isOne(ByteRegion file) {
        return file.startsWith(0, NpyHeader.MAGIC);
    }

    /**
     * Reads a file that {@link #isOne} is true of. An array of objects is a pickle, and read as any other.
     *
     * @param name what to call it in messages
     */
    public static NpyFile read(ByteRegion file, String name, AllowList allowed, ReadBudget budget) {
        var header = NpyHeader.read(file, name);
        var data = file.slice(header.bytes(), file.size() - header.bytes());
        if (header.type().kind() == Kind.OBJECT) {
            return new NpyFile(header.version(), objects(data, name + ", pickled array", allowed, budget));
        }
        return new NpyFile(header.version(), numbers(header, Storage.of(data), name, budget));
    }

    /** Reads a compressed file: its header now, numbers when they are asked for, objects now. */
    static NpyFile read(InflatedEntry entry, String name, AllowList allowed, ReadBudget budget) {
        var head = entry.head(2 * NpyHeader.LONGEST);
        if (!isOne(head)) {
            throw notOne(name);
        }
        var header = NpyHeader.read(head, name);
        if (header.type().kind() != Kind.NUMBER) {
            checkSmall(entry, name, budget);
            return read(entry.all(), name, allowed, budget);
        }
        return new NpyFile(header.version(), numbers(header, Storage.of(entry, header.bytes()), name, budget));
    }

    /** What is not numbers has to be in memory as a whole. */
    private static void checkSmall(InflatedEntry entry, String name, ReadBudget budget) {
        if (entry.size() > budget.limits().inflatedBytes()) {
            throw new RefusedFileException(Reason.OVER_LIMIT, name + " inflates to " + entry.size()
                    + " bytes of objects or texts. Save it without compression (np.savez), or the numbers alone.");
        }
    }

    static RefusedFileException notOne(String name) {
        return new RefusedFileException(Reason.MALFORMED,
                name + " should be an array file and does not start as one. The archive is damaged; fetch it again.");
    }

    private static Value numbers(NpyHeader header, Storage storage, String name, ReadBudget budget) {
        try {
            return header.type().array(header.order(), header.shape(), header.fortran(), storage, budget);
        } catch (RefusedFileException e) {
            throw e.in(name);
        }
    }

    private static Value objects(ByteRegion pickle, String name, AllowList allowed, ReadBudget budget) {
        var unpickler = new Unpickler(allowed, storage -> {
            throw new RefusedFileException(Reason.MALFORMED,
                    name + " refers to a storage of PyTorch, which an array file does not have. Fetch it again.");
        }, (bytes, nested, nestedBudget) -> LegacyFile.read(bytes, nested, allowed, nestedBudget).root(), budget);
        return unpickler.load(new ByteCursor(pickle, name)).freeze(budget);
    }
}
