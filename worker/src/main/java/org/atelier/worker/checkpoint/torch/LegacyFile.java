package org.atelier.worker.checkpoint.torch;

import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import org.atelier.worker.checkpoint.io.ByteCursor;
import org.atelier.worker.checkpoint.io.ByteRegion;
import org.atelier.worker.checkpoint.io.Quoted;
import org.atelier.worker.checkpoint.io.ReadBudget;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.atelier.worker.checkpoint.pickle.AllowList;
import org.atelier.worker.checkpoint.pickle.Pickled;
import org.atelier.worker.checkpoint.pickle.PickledStorage;
import org.atelier.worker.checkpoint.pickle.Unpickler;
import org.atelier.worker.checkpoint.value.Value;

/**
 * The container of PyTorch before 1.6, which newer versions still write into pickles: five pickles (a magic number, a
 * version, facts about the machine, the object, the keys of the storages), then the storages, each with its element count.
 * Source: {@code torch/serialization.py}, {@code _legacy_save}.
 *
 * @param root     the object, with all its storages bound
 * @param order    byte order of the machine that wrote it
 * @param protocol of its pickles
 */
public record LegacyFile(Pickled root, ByteOrder order, int protocol) {
    /** {@code LONG1} of 10 bytes, and the number 0x1950a86a20f9469cfc6c. */
    private static final byte[] MAGIC = {(byte) 0x8a, 10, 0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a,
            (byte) 0xa8, 0x50, 0x19};

    /** After {@code PROTO}; and, from protocol 4 on, after {@code FRAME} as well. */
    private static final int[] MAGIC_AT = {2, 11};

    private static final long VERSION = 1001;

    /** Whether a region starts as such a file does. */
    public static boolean isOne(ByteRegion file) {
        for (int at : MAGIC_AT) {
            if (file.startsWith(at, MAGIC)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Reads a file.
     *
     * @param name what to call it in messages
     */
    public static LegacyFile read(ByteRegion file, String name, AllowList allowed, ReadBudget budget) {
        if (!isOne(file)) {
            throw new RefusedFileException(Reason.UNSUPPORTED, name
                    + " is no file of torch.save in its legacy form, as storages within pickles are. Fetch it again.");
        }
        var in = new ByteCursor(file, name);
        var storages = new LinkedHashMap<String, PickledStorage>();
        var unpickler = new Unpickler(allowed, storage -> remember(storages, storage),
                (bytes, nestedName, nestedBudget) -> read(bytes, nestedName, allowed, nestedBudget).root, budget);

        unpickler.load(in);
        var version = unpickler.load(in);
        if (!(version.freeze(budget) instanceof Value.Int(long number)) || number != VERSION) {
            throw new RefusedFileException(Reason.UNSUPPORTED, name
                    + " has another version of the legacy format than 1001, the only one there ever was. Fetch it again.");
        }
        var order = byteOrder(unpickler.load(in).freeze(budget));
        var root = unpickler.load(in);
        bind(storages, unpickler.load(in).freeze(budget), in, order);
        return new LegacyFile(root, order, version.protocol());
    }

    /** The same key is the same storage; with another type or size it would be two readings of the same bytes. */
    static PickledStorage remember(Map<String, PickledStorage> storages, PickledStorage storage) {
        var known = storages.putIfAbsent(storage.key(), storage);
        if (known == null) {
            return storage;
        }
        if (known.type() != storage.type() || known.elements() != storage.elements()) {
            throw new RefusedFileException(Reason.MALFORMED, "The storage " + Quoted.of(storage.key())
                    + " is described twice, differently. The file is damaged or made up; fetch it again.");
        }
        return known;
    }

    private static ByteOrder byteOrder(Value facts) {
        return facts instanceof Value.Mapping mapping
                && mapping.get("little_endian").equals(Optional.of(new Value.Bool(false)))
                        ? ByteOrder.BIG_ENDIAN
                        : ByteOrder.LITTLE_ENDIAN;
    }

    private static void bind(Map<String, PickledStorage> storages, Value keys, ByteCursor in, ByteOrder order) {
        if (!(keys instanceof Value.Sequence list)) {
            throw unsound(in, "the keys of its storages are no list");
        }
        var waiting = new LinkedHashMap<>(storages);
        for (var item : list.items()) {
            var storage = item instanceof Value.Text(var key) ? waiting.remove(key) : null;
            if (storage == null) {
                throw unsound(in, "it has a storage " + Quoted.of(String.valueOf(item))
                        + " that nothing refers to, or has it twice");
            }
            long elements = in.signedLong(order);
            if (elements != storage.elements()) {
                throw unsound(in, "its storage " + Quoted.of(storage.key()) + " has " + elements
                        + " elements instead of " + storage.elements());
            }
            if (elements < 0 || elements > Long.MAX_VALUE / storage.type().bytes()) {
                throw unsound(in, "its storage " + Quoted.of(storage.key()) + " claims " + elements + " elements");
            }
            storage.bind(in.take(elements * storage.type().bytes()), order);
        }
        if (!waiting.isEmpty()) {
            throw unsound(in, "it lacks " + waiting.size() + " of its storages, such as "
                    + Quoted.of(waiting.firstEntry().getKey()));
        }
    }

    private static RefusedFileException unsound(ByteCursor in, String found) {
        return new RefusedFileException(Reason.MALFORMED,
                in.name() + " contradicts itself: " + found + ". It is damaged or made up; fetch it again.");
    }
}
