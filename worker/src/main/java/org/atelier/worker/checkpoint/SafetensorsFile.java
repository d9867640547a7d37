package org.atelier.worker.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.json.Json;
import org.atelier.worker.nn.Weights;

/**
 * A safetensors file, open for reading.
 *
 * <p>Format: the length of the header as 8 bytes, little endian; the header, a JSON object with element type, shape and
 * byte range of each tensor and the texts of {@code __metadata__}; the tensors, one after the other without gaps. All of
 * that is checked when the file is opened; tensors are mapped into memory when they are read.
 */
public final class SafetensorsFile implements Weights, AutoCloseable {
    /** Longest header, as in the format's own library. */
    private static final long MAX_HEADER = 100_000_000;

    private static final String METADATA = "__metadata__";

    private final Source source;

    private final Map<String, Entry> entries;

    private final Map<String, String> metadata;

    /**
     * Where a tensor lies.
     *
     * @param type  of its elements
     * @param shape of it
     * @param from  first byte of it in the file
     * @param bytes how many it has
     */
    private record Entry(ElementType type, Shape shape, long from, long bytes) {}

    /** Bytes to read from. */
    private sealed interface Source extends AutoCloseable {
        long size();

        ByteBuffer map(long from, long bytes);

        @Override
        void close();
    }

    /** A file; parts of it are mapped into memory. */
    private record Mapped(Path path, FileChannel channel, long size) implements Source {
        static Mapped open(Path path) {
            try {
                var channel = FileChannel.open(path, StandardOpenOption.READ);
                return new Mapped(path, channel, channel.size());
            } catch (IOException e) {
                throw new CheckpointException(path + " cannot be read: " + e, e);
            }
        }

        @Override
        public ByteBuffer map(long from, long bytes) {
            try {
                return channel.map(MapMode.READ_ONLY, from, bytes);
            } catch (IOException e) {
                throw new CheckpointException(path + " cannot be read: " + e, e);
            }
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new CheckpointException(path + " cannot be closed: " + e, e);
            }
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** Bytes in memory, which the engine can only read outside the heap. */
    private record InMemory(String name, ByteBuffer buffer) implements Source {
        @Override
        public long size() {
            return buffer.capacity();
        }

        @Override
        public ByteBuffer map(long from, long bytes) {
            return buffer.slice((int) from, (int) bytes);
        }

        @Override
        public void close() {
            // nothing is held
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private SafetensorsFile(Source source) {
        this.source = source;
        var head = map(0, Long.BYTES);
        long length = head.getLong();
        if (length < 2 || length > MAX_HEADER || length > source.size() - Long.BYTES) {
            throw damaged("it says that its header has " + Long.toUnsignedString(length) + " bytes");
        }
        var header = header(map(Long.BYTES, length));
        this.metadata = metadata(header);
        this.entries = entries(header, Long.BYTES + length, source.size());
    }

    /**
     * Opens a file.
     *
     * @throws CheckpointException if it is damaged or no safetensors file
     */
    public static SafetensorsFile open(Path path) {
        return open(Mapped.open(path));
    }

    /**
     * Opens a file that is in memory.
     *
     * @param name for messages
     * @throws CheckpointException if it is damaged or no safetensors file
     */
    public static SafetensorsFile of(String name, byte[] bytes) {
        return open(new InMemory(name, ByteBuffer.allocateDirect(bytes.length).put(bytes)));
    }

    private static SafetensorsFile open(Source source) {
        try {
            return new SafetensorsFile(source);
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private ByteBuffer map(long from, long bytes) {
        if (from + bytes > source.size()) {
            throw damaged("it ends after " + source.size() + " bytes");
        }
        return source.map(from, bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private CheckpointException damaged(String what) {
        return new CheckpointException(source + " is no intact safetensors file: " + what + ".");
    }

    private JsonNode header(ByteBuffer buffer) {
        var bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        try {
            var header = Json.strict().readTree(bytes);
            if (!header.isObject()) {
                throw damaged("its header is no JSON object");
            }
            return header;
        } catch (IOException e) {
            throw new CheckpointException(source + " is no intact safetensors file: its header is no JSON.", e);
        }
    }

    private static Map<String, String> metadata(JsonNode header) {
        var metadata = new TreeMap<String, String>();
        header.path(METADATA).properties().forEach(text -> metadata.put(text.getKey(), text.getValue().asText()));
        return Collections.unmodifiableMap(metadata);
    }

    private Map<String, Entry> entries(JsonNode header, long start, long end) {
        var entries = new TreeMap<String, Entry>();
        header.properties().forEach(property -> {
            if (!property.getKey().equals(METADATA)) {
                entries.put(property.getKey(), entry(property.getKey(), property.getValue(), start));
            }
        });
        var inOrder = new ArrayList<>(entries.entrySet());
        inOrder.sort(Comparator.comparingLong((Map.Entry<String, Entry> e) -> e.getValue().from()).thenComparingLong(
                e -> e.getValue().bytes()));
        long at = start;
        for (var tensor : inOrder) {
            if (tensor.getValue().from() != at) {
                throw damaged(tensor.getKey() + " starts at byte " + tensor.getValue().from()
                        + ", the tensor before it ends at " + at);
            }
            at = Math.addExact(at, tensor.getValue().bytes());
        }
        if (at != end) {
            throw damaged("its tensors end at byte " + at + ", the file at " + end);
        }
        return Collections.unmodifiableMap(entries);
    }

    private Entry entry(String name, JsonNode description, long start) {
        var offsets = description.path("data_offsets");
        var sizes = description.path("shape");
        if (!offsets.path(0).canConvertToLong() || !offsets.path(1).canConvertToLong() || !sizes.isArray()) {
            throw damaged(name + " has no byte range or no shape");
        }
        var type = type(name, description.path("dtype").asText());
        var shape = new long[sizes.size()];
        long bytes = type.size();
        try {
            for (int axis = 0; axis < shape.length; axis++) {
                shape[axis] = sizes.get(axis).asLong(-1);
                if (shape[axis] < 0) {
                    throw damaged(name + " has the shape " + sizes);
                }
                bytes = Math.multiplyExact(bytes, shape[axis]);
            }
            long from = Math.addExact(start, offsets.get(0).longValue());
            if (offsets.get(0).longValue() < 0 || offsets.get(1).longValue() - offsets.get(0).longValue() != bytes) {
                throw damaged(name + " of shape " + sizes + " has the byte range " + offsets);
            }
            return new Entry(type, new Shape(shape), from, bytes);
        } catch (ArithmeticException e) {
            throw new CheckpointException(source + " is no intact safetensors file: " + name + " of shape " + sizes
                    + " is larger than any file.", e);
        }
    }

    private ElementType type(String name, String text) {
        for (var type : ElementType.values()) {
            if (type.name().equals(text)) {
                return type;
            }
        }
        throw damaged(name + " has elements of the unknown type \"" + text + '"');
    }

    /** The texts that go with the tensors. */
    public Map<String, String> metadata() {
        return metadata;
    }

    @Override
    public Set<String> names() {
        return entries.keySet();
    }

    @Override
    public Shape shape(String name) {
        return find(name).shape();
    }

    /** The element type that a tensor is stored as. */
    public ElementType type(String name) {
        return find(name).type();
    }

    private Entry find(String name) {
        var entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException(source + " has no tensor " + name);
        }
        return entry;
    }

    @Override
    public NDArray read(String name, NDManager manager) {
        var array = readAsStored(name, manager);
        if (array.getDataType() == DataType.FLOAT32) {
            return array;
        }
        try (array) {
            return array.toType(DataType.FLOAT32, false);
        }
    }

    /**
     * A tensor in the engine's own type for what is stored.
     *
     * @param manager owns the array
     * @throws IllegalArgumentException if there is none of that name
     */
    public NDArray readAsStored(String name, NDManager manager) {
        var entry = find(name);
        var mapped = map(entry.from(), entry.bytes());
        var data = entry.type() == ElementType.BF16 ? widened(mapped, manager) : mapped;
        // An array from a buffer shares its memory, which here is the file: the copy belongs to the engine.
        try (var shared = manager.create(data, entry.shape(), entry.type().array())) {
            return shared.duplicate();
        }
    }

    /** BF16 is the upper half of float32; the engine's own cast of it ends the process. */
    private static ByteBuffer widened(ByteBuffer halves, NDManager manager) {
        var wide = manager.allocateDirect(2 * halves.remaining());
        var source = halves.asShortBuffer();
        var target = wide.asIntBuffer();
        while (source.hasRemaining()) {
            target.put(source.get() << Short.SIZE);
        }
        return wide;
    }

    @Override
    public void close() {
        source.close();
    }
}
