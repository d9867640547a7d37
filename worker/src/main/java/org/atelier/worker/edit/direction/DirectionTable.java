package org.atelier.worker.edit.direction;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.json.Json;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;

/**
 * What the channels of a generator do to CLIP's view of a picture, or a part of the channels: StyleCLIP's {@code fs3} with
 * the statistics of the styles.
 *
 * <p>As a file it has the tensors {@code mean} [K], {@code std} [K] and {@code directions} [shaping channels of the part,
 * E], and says in its texts how they were made, which layers the channels belong to, and which part it is.
 *
 * @param origin     how it was made: bundle, version of the method, settings; equal for all parts of a table
 * @param channels   of the generator
 * @param mean       of each channel [K]
 * @param deviation  of each channel [K]
 * @param from       first shaping channel of the part
 * @param directions of the part's channels, as {@link ChannelMeasurement#direction} gives them
 */
public record DirectionTable(
        Map<String, String> origin,
        StyleChannels channels,
        float[] mean,
        float[] deviation,
        int from,
        float[][] directions) {
    /** Changes when the same request would give another table. */
    static final String METHOD = "single-channel-relevance/1";

    private static final String MEAN = "mean";
    private static final String DEVIATION = "std";
    private static final String DIRECTIONS = "directions";
    private static final String LAYERS = "layers";
    private static final String FROM = "from";
    private static final String ORIGIN = "origin.";

    /** The first shaping channel after the part. */
    public int to() {
        return from + directions.length;
    }

    /** Whether it holds every shaping channel. */
    public boolean isWhole() {
        return from == 0 && directions.length == channels.shaping().length;
    }

    /** The name of a shaping channel for people. */
    String name(int channel) {
        return channels.name(channels.shaping()[channel]);
    }

    /** The table as a file; equal tables have equal bytes. */
    public byte[] file(NDManager manager) {
        var texts = new TreeMap<String, String>();
        origin.forEach((name, value) -> texts.put(ORIGIN + name, value));
        texts.put(LAYERS, Json.text(channels.layers()));
        texts.put(FROM, Integer.toString(from));
        int width = directions.length == 0 ? 0 : directions[0].length;
        return Scope.call(() -> SafetensorsWriter.bytes(Map.of(
                MEAN, HostArrays.of(manager, mean, new Shape(mean.length)),
                DEVIATION, HostArrays.of(manager, deviation, new Shape(deviation.length)),
                DIRECTIONS, HostArrays.of(manager, flat(directions), new Shape(directions.length, width))), texts));
    }

    /**
     * Reads a file.
     *
     * @param name  of the file, for messages
     * @param bytes what {@link #file} gave
     * @throws IllegalArgumentException if it is no such file; the message says so to a person
     */
    public static DirectionTable read(String name, byte[] bytes, NDManager manager) {
        try (var file = SafetensorsFile.of(name, bytes)) {
            var texts = file.metadata();
            if (!file.names().containsAll(Set.of(MEAN, DEVIATION, DIRECTIONS)) || !texts.containsKey(LAYERS)) {
                throw new IllegalArgumentException(name + " is no table of directions: it has the tensors " + file
                        .names() + ". Name the result of a direction-train job.");
            }
            var origin = new TreeMap<String, String>();
            texts.forEach((key, value) -> {
                if (key.startsWith(ORIGIN)) {
                    origin.put(key.substring(ORIGIN.length()), value);
                }
            });
            return Scope.call(() -> new DirectionTable(origin, layers(texts.get(LAYERS)), file.read(MEAN, manager)
                    .toFloatArray(), file.read(DEVIATION, manager).toFloatArray(), Integer.parseInt(texts.getOrDefault(
                            FROM, "0")), rows(file.read(DIRECTIONS, manager)))).checked(name);
        } catch (RefusedFileException | UncheckedIOException e) {
            throw new IllegalArgumentException("The table of directions cannot be read: " + e.getMessage(), e);
        }
    }

    private static StyleChannels layers(String json) {
        return new StyleChannels(List.of(Json.read(json.getBytes(StandardCharsets.UTF_8),
                StyleChannels.Layer[].class)));
    }

    /** Rows one after the other. */
    static float[] flat(float[][] rows) {
        int width = rows.length == 0 ? 0 : rows[0].length;
        var flat = new float[rows.length * width];
        IntStream.range(0, rows.length).forEach(row -> System.arraycopy(rows[row], 0, flat, row * width, width));
        return flat;
    }

    /** Undoes {@link #flat}. */
    static float[][] rows(NDArray array) {
        Shapes.require("directions [channels, E]", array, Shapes.ANY, Shapes.ANY);
        var flat = array.toFloatArray();
        int rows = Math.toIntExact(array.getShape().get(0));
        int width = Math.toIntExact(array.getShape().get(1));
        return IntStream.range(0, rows)
                .mapToObj(row -> Arrays.copyOfRange(flat, row * width, (row + 1) * width))
                .toArray(float[][]::new);
    }

    private DirectionTable checked(String name) {
        int size = channels.size();
        if (mean.length != size || deviation.length != size || from < 0 || to() > channels.shaping().length) {
            throw new IllegalArgumentException(name + " is damaged: its layers have " + size + " channels, of which "
                    + channels.shaping().length + " have directions, but it holds " + mean.length + " means and "
                    + "directions from " + from + " to " + to() + ".");
        }
        return this;
    }
}
