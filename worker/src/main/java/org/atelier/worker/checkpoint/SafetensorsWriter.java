package org.atelier.worker.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

import ai.djl.ndarray.NDArray;
import org.atelier.common.json.Json;
import org.atelier.worker.checkpoint.safetensors.SafetensorsTable;

/** Writes safetensors files. Equal tensors and texts give equal bytes. */
public final class SafetensorsWriter {
    /** The header is filled up with blanks to a multiple of this, so that the tensors are aligned. */
    private static final int ALIGNMENT = 8;

    private SafetensorsWriter() {}

    /** A file in memory. */
    public static byte[] bytes(Map<String, NDArray> tensors, Map<String, String> metadata) {
        var out = new ByteArrayOutputStream();
        try {
            write(out, tensors, metadata);
        } catch (IOException e) {
            throw new UncheckedIOException("memory can be written", e);
        }
        return out.toByteArray();
    }

    /** Writes arrays of the tensor engine; see {@link #writeContents}. */
    public static void write(OutputStream out, Map<String, NDArray> tensors, Map<String, String> metadata)
            throws IOException {
        var contents = new LinkedHashMap<String, TensorContent>();
        tensors.forEach((name, array) -> contents.put(name, TensorContent.of(array)));
        writeContents(out, contents, metadata);
    }

    /**
     * Writes a file, the tensors with the widest elements first and else by name. Memory holds one tensor at a time.
     *
     * @param metadata texts that go with the tensors
     */
    public static void writeContents(OutputStream out, Map<String, TensorContent> tensors,
            Map<String, String> metadata) throws IOException {
        var names = tensors.keySet()
                .stream()
                .sorted(Comparator.comparingInt((String name) -> -tensors.get(name).type().bytes())
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        var header = new LinkedHashMap<String, Object>();
        header.put("__metadata__", metadata);
        long at = 0;
        for (var name : names) {
            var tensor = tensors.get(name);
            long end = at + tensor.size();
            header.put(name, Map.of("dtype", SafetensorsTable.typeName(tensor.type()), "shape", tensor.shape(),
                    "data_offsets", new long[]{at, end}));
            at = end;
        }
        var json = Json.bytes(header);
        var padded = Arrays.copyOf(json, Math.ceilDiv(json.length, ALIGNMENT) * ALIGNMENT);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        out.write(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(padded.length).array());
        out.write(padded);
        var channel = Channels.newChannel(out);
        for (var name : names) {
            var data = tensors.get(name).bytes().get();
            while (data.hasRemaining()) {
                channel.write(data);
            }
        }
    }
}
