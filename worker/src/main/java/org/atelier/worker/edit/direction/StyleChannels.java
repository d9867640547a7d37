package org.atelier.worker.edit.direction;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.tensor.Scope;

/**
 * The channels of a generator's StyleSpace, side by side: all K channels of all layers in the order in which they act. Some
 * of them are <em>shaping</em> (see {@link Generator#shapingLayers}): those are counted on their own, from 0, and have rows
 * in a {@link DirectionTable}.
 *
 * @param layers in the order in which they act
 */
public record StyleChannels(List<Layer> layers) {
    /**
     * A layer's share.
     *
     * @param name     as {@link Generator#styles} has it
     * @param channels how many
     * @param shaping  whether they are shaping
     */
    public record Layer(String name, int channels, boolean shaping) {}

    public StyleChannels {
        layers = List.copyOf(layers);
    }

    /** Those of a generator. */
    public static StyleChannels of(Generator generator) {
        var shaping = generator.shapingLayers();
        return Scope.call(() -> new StyleChannels(generator.styles(generator.truncate(generator.meanLatent().expandDims(
                0), 1, 0)).entrySet().stream().map(style -> new Layer(style.getKey(), Math.toIntExact(style.getValue()
                        .getShape().get(1)), shaping.contains(style.getKey()))).toList()));
    }

    /** K: all channels. */
    public int size() {
        return layers.stream().mapToInt(Layer::channels).sum();
    }

    /** Where the shaping channels stand among all: one place for each. */
    public int[] shaping() {
        var places = IntStream.builder();
        int at = 0;
        for (var layer : layers) {
            if (layer.shaping) {
                IntStream.range(at, at + layer.channels).forEach(places);
            }
            at += layer.channels;
        }
        return places.build().toArray();
    }

    /**
     * Puts styles side by side.
     *
     * @param styles by layer, each [N, channels]
     * @return [N, K]
     */
    public NDArray pack(Map<String, NDArray> styles) {
        var list = new NDList();
        layers.forEach(layer -> list.add(styles.get(layer.name)));
        return NDArrays.concat(list, 1);
    }

    /**
     * Undoes {@link #pack}.
     *
     * @param packed [N, K]
     * @return by layer, each [N, channels]
     */
    public Map<String, NDArray> unpack(NDArray packed) {
        var styles = new LinkedHashMap<String, NDArray>();
        int at = 0;
        for (var layer : layers) {
            styles.put(layer.name, packed.get(":, " + at + ":" + (at + layer.channels)));
            at += layer.channels;
        }
        return styles;
    }

    /** The name of a channel for people: its layer, and its number within it. */
    public String name(int place) {
        int at = 0;
        for (var layer : layers) {
            if (place < at + layer.channels) {
                return layer.name + ":" + (place - at);
            }
            at += layer.channels;
        }
        throw new IndexOutOfBoundsException("there are " + at + " channels: " + place);
    }
}
