package org.atelier.worker.checkpoint.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.atelier.worker.checkpoint.pickle.PickleWriter;

/** Writes files as {@code torch.save} does, in both containers, from a pickle and the floats of its storages. */
public final class TorchFiles {
    private TorchFiles() {}

    /** The numbers of a storage as bytes. */
    public static byte[] floats(ByteOrder order, float... values) {
        var bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(order);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    /** A pickle of {@code {name: tensor}} over one storage "0" of floats. */
    public static byte[] tensorPickle(String name, long elements, boolean legacy, long... shape) {
        var strides = new long[shape.length];
        long stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        var writer = PickleWriter.start().ops("}").text(name);
        return writer.tensor(() -> writer.storage("FloatStorage", "0", elements, legacy), 0, shape, strides).ops("s")
                .stop();
    }

    /** Four pickles and the keys, then the storages, each with the count of its four-byte elements. */
    public static byte[] legacy(byte[] object, Map<String, byte[]> storages, ByteOrder order) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new PickleWriter().raw(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50,
                0x19).stop());
        out.writeBytes(PickleWriter.start().integer(1001).stop());
        out.writeBytes(PickleWriter.start().ops("}").text("little_endian")
                .raw(order == ByteOrder.LITTLE_ENDIAN ? 0x88 : 0x89).ops("s").stop());
        out.writeBytes(object);
        var keys = PickleWriter.start().ops("](");
        storages.keySet().forEach(keys::text);
        out.writeBytes(keys.ops("e").stop());
        storages.values().forEach(bytes -> {
            out.writeBytes(ByteBuffer.allocate(Long.BYTES).order(order).putLong(bytes.length / Float.BYTES).array());
            out.writeBytes(bytes);
        });
        return out.toByteArray();
    }

    /** An archive of stored entries. */
    public static byte[] zip(Map<String, byte[]> entries) {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            for (var file : entries.entrySet()) {
                var crc = new CRC32();
                crc.update(file.getValue());
                var entry = new ZipEntry(file.getKey());
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(file.getValue().length);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory can be written", e);
        }
        return out.toByteArray();
    }
}
