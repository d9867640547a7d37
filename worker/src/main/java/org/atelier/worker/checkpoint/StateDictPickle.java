package org.atelier.worker.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes the pickle of a state dict with protocol 2, as {@code torch.save} does: ordered dictionaries of tensors over
 * storages that lie beside it. Nothing else can be written, so nothing in such a file can run.
 */
final class StateDictPickle {
    private static final int PROTOCOL = 0x80;
    private static final int FALSE = 0x89;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    StateDictPickle() {
        out.write(PROTOCOL);
        out.write(2);
    }

    /** Opens an ordered dictionary; entries follow, each a {@link #text key} and a value. */
    StateDictPickle openDictionary() {
        return global("collections", "OrderedDict").letters(")R(");
    }

    /** Puts the entries into the dictionary. */
    StateDictPickle closeDictionary() {
        return letters("u");
    }

    StateDictPickle text(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return letters("X").number(bytes.length).raw(bytes);
    }

    /**
     * A dense tensor of floats.
     *
     * @param key      of its storage
     * @param elements of its storage
     */
    StateDictPickle tensor(String key, long elements, List<Long> shape) {
        global("torch._utils", "_rebuild_tensor_v2").letters("((").text("storage").global("torch", "FloatStorage");
        text(key).text("cpu").integer(elements).letters("tQ").integer(0);
        letters("(");
        shape.forEach(this::integer);
        letters("t(");
        long stride = elements;
        for (long size : shape) {
            stride = size == 0 ? 0 : stride / size;
            integer(stride);
        }
        letters("t");
        out.write(FALSE);
        return global("collections", "OrderedDict").letters(")RtR");
    }

    byte[] end() {
        return letters(".").out.toByteArray();
    }

    private StateDictPickle global(String module, String name) {
        return letters("c" + module + "\n" + name + "\n");
    }

    private StateDictPickle integer(long value) {
        if (value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a tensor of " + value + " numbers is too large to be written");
        }
        return letters("J").number((int) value);
    }

    private StateDictPickle number(int value) {
        return raw(ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    }

    private StateDictPickle letters(String opcodes) {
        return raw(opcodes.getBytes(StandardCharsets.ISO_8859_1));
    }

    private StateDictPickle raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }
}
