package org.atelier.worker.goldens;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.artifact.Digest;
import org.atelier.worker.nn.Weights;

/** Weights that are generated from a table: see the goldens' README, "Weight and input generator (normative)". */
final class GeneratedWeights implements Weights {
    /** Salt of the inputs that notes describe as {@code gen('key', shape, scale)}. */
    static final long SET_SALT = 0x5348_4152_4544_3031L;

    private static final long FNV_OFFSET = 0xcbf2_9ce4_8422_2325L;
    private static final long FNV_PRIME = 0x100_0000_01b3L;

    private final String sha256;

    private final long salt;

    private final Map<String, Entry> entries;

    private record Entry(Shape shape, double scale, double offset) {}

    private GeneratedWeights(String sha256, long salt, Map<String, Entry> entries) {
        this.sha256 = sha256;
        this.salt = salt;
        this.entries = entries;
    }

    static GeneratedWeights of(JsonNode table) {
        var entries = new LinkedHashMap<String, Entry>();
        table.path("tensors").forEach(tensor -> entries.put(tensor.path("key").asText(), new Entry(new Shape(tensor
                .path("shape").valueStream().mapToLong(JsonNode::asLong).toArray()), tensor.path("scale").asDouble(),
                tensor.path("offset").asDouble())));
        return new GeneratedWeights(table.path("sha256_concat_f32le").asText(), Long.parseUnsignedLong(table.path(
                "salt").asText().substring(2), 16), entries);
    }

    static float[] generate(long salt, String key, int count, double scale, double offset) {
        long hash = FNV_OFFSET;
        for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ Byte.toUnsignedLong(b)) * FNV_PRIME;
        }
        var stream = new SplittableRandom(hash ^ salt);
        var values = new float[count];
        for (int i = 0; i < count; i++) {
            double u = (stream.nextLong() >>> 40) * 0x1p-24;
            values[i] = (float) ((2 * u - 1) * scale + offset);
        }
        return values;
    }

    /** An input that notes describe as {@code gen('key', shape, scale)}. */
    static NDArray input(String key, Shape shape, double scale, double offset, NDManager manager) {
        return manager.create(generate(SET_SALT, key, Math.toIntExact(shape.size()), scale, offset), shape);
    }

    /** The digest that the table states. */
    String expectedSha256() {
        return sha256;
    }

    /** The digest over all values in the table's order. */
    String actualSha256() {
        var sha = Digest.sha256();
        entries.forEach((name, entry) -> {
            var values = values(name);
            var bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values);
            sha.update(bytes);
        });
        return HexFormat.of().formatHex(sha.digest());
    }

    private float[] values(String name) {
        var entry = entries.get(name);
        return generate(salt, name, Math.toIntExact(entry.shape().size()), entry.scale(), entry.offset());
    }

    @Override
    public Set<String> names() {
        return entries.keySet();
    }

    @Override
    public Shape shape(String name) {
        return entries.get(name).shape();
    }

    @Override
    public NDArray read(String name, NDManager manager) {
        return manager.create(values(name), shape(name));
    }
}
