package org.atelier.worker.checkpoint.safetensors;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.json.Json;
import org.atelier.worker.checkpoint.io.ByteCursor;
import org.atelier.worker.checkpoint.io.ByteRegion;
import org.atelier.worker.checkpoint.io.Quoted;
import org.atelier.worker.checkpoint.io.ReadLimits;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.checkpoint.io.RefusedFileException.Reason;
import org.atelier.worker.checkpoint.value.Storage;
import org.atelier.worker.checkpoint.value.StoredTensor;
import org.atelier.worker.checkpoint.value.StoredType;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of a safetensors file: the length of a header, a JSON header with type, shape and byte range of each tensor,
 * and the bytes, without gaps. Source: the format's description in the safetensors repository.
 *
 * @param metadata texts that the writer added
 * @param tensors  by name, in the order of the header
 */
public record SafetensorsTable(Map<String, String> metadata, Map<String, StoredTensor> tensors) {
    /** The largest published models have a header of less than half of it; it becomes a tree in memory. */
    private static final long LONGEST_HEADER = 8L << 20;

    private static final String METADATA = "__metadata__";

    private static final Map<String, StoredType> TYPES = Map.ofEntries(Map.entry("BOOL", StoredType.BOOL),
            Map.entry("U8", StoredType.UINT8), Map.entry("I8", StoredType.INT8), Map.entry("U16", StoredType.UINT16),
            Map.entry("I16", StoredType.INT16), Map.entry("F16", StoredType.FLOAT16),
            Map.entry("BF16", StoredType.BFLOAT16), Map.entry("U32", StoredType.UINT32),
            Map.entry("I32", StoredType.INT32), Map.entry("F32", StoredType.FLOAT32),
            Map.entry("U64", StoredType.UINT64), Map.entry("I64", StoredType.INT64),
            Map.entry("F64", StoredType.FLOAT64));

    /** What the format calls a type. */
    public static String typeName(StoredType type) {
        return TYPES.entrySet()
                .stream()
                .filter(entry -> entry.getValue() == type)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    /** Whether a region starts with a length that fits it, and then as a JSON object does. */
    public static boolean isOne(ByteRegion file) {
        return looksLikeOne(file) && file.longAt(0) > 0 && file.longAt(0) <= file.size() - Long.BYTES;
    }

    /** The same without the length: a damaged file, if it is nothing else. No text has a zero or a byte above 127 there. */
    public static boolean looksLikeOne(ByteRegion file) {
        if (!file.startsWith(Long.BYTES, (byte) '{')) {
            return false;
        }
        for (int i = 0; i < Long.BYTES; i++) {
            if ((byte) file.unsignedByte(i) <= 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Reads the header of a file that {@link #looksLikeOne} is true of.
     *
     * @param name what to call it in messages
     */
    public static SafetensorsTable read(ByteRegion file, String name, ReadLimits limits) {
        var in = new ByteCursor(file, name);
        long length = in.signedLong(ByteOrder.LITTLE_ENDIAN);
        if (length < 0 || length > LONGEST_HEADER) {
            throw new RefusedFileException(Reason.OVER_LIMIT, name + " announces a safetensors header of "
                    + Long.toUnsignedString(length) + " bytes; no published file has more than " + LONGEST_HEADER
                    + ". It is damaged or no safetensors file; fetch it again.");
        }
        var header = header(in.take(length), name);
        var data = in.take(in.remaining());
        var tensors = new LinkedHashMap<String, StoredTensor>();
        var ends = new LinkedHashMap<Long, Long>();
        for (var entry : header.properties()) {
            if (!entry.getKey().equals(METADATA)) {
                var tensor = tensor(entry.getKey(), entry.getValue(), data, ends, limits);
                tensors.put(entry.getKey(), tensor);
            }
        }
        checkCovered(ends, data.size());
        return new SafetensorsTable(metadata(header), Collections.unmodifiableMap(tensors));
    }

    private static JsonNode header(ByteRegion bytes, String name) {
        try {
            var header = Json.strict().readTree(bytes.copy(0, (int) bytes.size()));
            if (header.isObject()) {
                return header;
            }
        } catch (IOException e) {
            throw unsound(name + " has a header that is no sound JSON (" + Quoted.of(String.valueOf(e.getMessage()))
                    + ")", e);
        }
        throw unsound(name + " has a header that is no JSON object");
    }

    private static Map<String, String> metadata(JsonNode header) {
        var metadata = new LinkedHashMap<String, String>();
        header.path(METADATA).properties().forEach(text -> metadata.put(text.getKey(), text.getValue().asText()));
        return Collections.unmodifiableMap(metadata);
    }

    private static StoredTensor tensor(String name, JsonNode description, ByteRegion data, Map<Long, Long> ends,
            ReadLimits limits) {
        var type = TYPES.get(description.path("dtype").asText());
        if (type == null) {
            throw new RefusedFileException(Reason.UNSUPPORTED, "The tensor " + Quoted.of(name) + " has the type "
                    + Quoted.of(description.path("dtype").asText()) + ". Of safetensors types " + TYPES.keySet()
                            .stream()
                            .sorted(Comparator.naturalOrder())
                            .toList()
                    + " are read: save it as F16 or F32.");
        }
        var shape = longs(description.path("shape"), name);
        var range = longs(description.path("data_offsets"), name);
        if (range.length != 2 || range[0] < 0 || range[1] < range[0]) {
            throw unsound("the tensor " + Quoted.of(name) + " has no sound byte range");
        }
        if (range[1] > data.size()) {
            throw new RefusedFileException(Reason.TRUNCATED, "The tensor " + Quoted.of(name) + " should end at byte "
                    + range[1] + " of the data, and there are " + data.size() + ". The download or copy is incomplete"
                    + " or damaged; fetch the file again and compare its size with the publisher's.");
        }
        if (range[1] > range[0] && ends.put(range[0], range[1]) != null) {
            throw unsound("the tensor " + Quoted.of(name) + " overlaps another one");
        }
        try {
            return StoredTensor.dense(type, ByteOrder.LITTLE_ENDIAN, shape, false,
                    Storage.of(data.slice(range[0], range[1] - range[0])), limits);
        } catch (RefusedFileException e) {
            throw e.in("The tensor " + Quoted.of(name));
        }
    }

    private static long[] longs(JsonNode array, String name) {
        var values = new long[array.size()];
        for (int i = 0; i < values.length; i++) {
            if (!array.get(i).isIntegralNumber() || !array.get(i).canConvertToLong()) {
                throw unsound("the tensor " + Quoted.of(name) + " has a size or a place that is no whole number");
            }
            values[i] = array.get(i).longValue();
        }
        if (!array.isArray()) {
            throw unsound("the tensor " + Quoted.of(name) + " has no shape or no byte range");
        }
        return values;
    }

    /** Every byte belongs to one tensor: otherwise two readers could see two different files. */
    private static void checkCovered(Map<Long, Long> ends, long size) {
        long at = 0;
        for (int i = 0; i < ends.size(); i++) {
            var end = ends.get(at);
            if (end == null) {
                throw unsound("its tensors overlap, or leave bytes between them, at byte " + at + " of the data");
            }
            at = end;
        }
        if (at != size) {
            throw unsound("its tensors end at byte " + at + " of " + size + " bytes of data");
        }
    }

    private static RefusedFileException unsound(String found) {
        return unsound(found, null);
    }

    private static RefusedFileException unsound(String found, @Nullable Throwable cause) {
        return new RefusedFileException(Reason.MALFORMED, "This is no sound safetensors file: " + found
                + ". It is damaged or made up; fetch it again.", cause);
    }
}
