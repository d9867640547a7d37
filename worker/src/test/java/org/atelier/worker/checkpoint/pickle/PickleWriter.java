package org.atelier.worker.checkpoint.pickle;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes pickles instruction by instruction, sound ones and others. */
public final class PickleWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A pickle of protocol 2. */
    public static PickleWriter start() {
        return new PickleWriter().raw(0x80, 2);
    }

    /** Any bytes. */
    public PickleWriter raw(int... bytes) {
        for (int b : bytes) {
            out.write(b);
        }
        return this;
    }

    /** Instructions without arguments, by their letters. */
    public PickleWriter ops(String letters) {
        out.writeBytes(letters.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** GLOBAL. */
    public PickleWriter global(String module, String name) {
        return ops("c" + module + "\n" + name + "\n");
    }

    /** BINUNICODE. */
    public PickleWriter text(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return ops("X").int32(bytes.length).bytes(bytes);
    }

    /** BINBYTES. */
    public PickleWriter binary(byte... bytes) {
        return ops("B").int32(bytes.length).bytes(bytes);
    }

    /** BININT, or LONG1 where the number is too long for it. */
    public PickleWriter integer(long value) {
        if (value == (int) value) {
            return ops("J").int32((int) value);
        }
        var bytes = BigInteger.valueOf(value).toByteArray();
        raw(0x8a, bytes.length);
        for (int i = bytes.length - 1; i >= 0; i--) {
            out.write(bytes[i]);
        }
        return this;
    }

    /** A tuple of whole numbers. */
    public PickleWriter integers(long... values) {
        ops("(");
        for (long value : values) {
            integer(value);
        }
        return ops("t");
    }

    /** BINPERSID of a storage, with five parts as in a zip archive or six as in a legacy file. */
    public PickleWriter storage(String storageClass, String key, long elements, boolean legacy) {
        return ops("(").text("storage").global("torch", storageClass).text(key).text("cpu").integer(elements)
                .ops(legacy ? "N" : "").ops("tQ");
    }

    /** REDUCE of a tensor, whose storage {@code writer} puts on the stack. */
    public PickleWriter tensor(Runnable storage, long offset, long[] shape, long... strides) {
        global("torch._utils", "_rebuild_tensor_v2").ops("(");
        storage.run();
        return integer(offset).integers(shape).integers(strides).raw(0x89).global("collections", "OrderedDict")
                .ops(")RtR");
    }

    /** BINPUT or LONG_BINPUT. */
    public PickleWriter put(int index) {
        return index < 256 ? ops("q").raw(index) : ops("r").int32(index);
    }

    /** BINGET or LONG_BINGET. */
    public PickleWriter get(int index) {
        return index < 256 ? ops("h").raw(index) : ops("j").int32(index);
    }

    /** Bytes as they are. */
    public PickleWriter bytes(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** Four bytes, little-endian. */
    public PickleWriter int32(int value) {
        return bytes(ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    }

    /** Eight bytes, little-endian. */
    public PickleWriter int64(long value) {
        return bytes(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    }

    /** How many bytes there are so far. */
    public int size() {
        return out.size();
    }

    /** What was written, without STOP. */
    public byte[] bytes() {
        return out.toByteArray();
    }

    /** What was written, with STOP. */
    public byte[] stop() {
        return ops(".").bytes();
    }
}
