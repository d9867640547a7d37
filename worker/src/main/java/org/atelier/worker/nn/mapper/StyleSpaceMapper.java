package org.atelier.worker.nn.mapper;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.atelier.worker.nn.LoadedNetwork;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.tensor.Shapes;
import org.atelier.worker.tensor.TensorEngine;

/**
 * A mapper in StyleSpace with a stack for each style: StyleCLIP's {@code FullStyleSpaceMapper}, or, without stacks for
 * the colour layers, whose styles then do not move, its {@code WithoutToRGBStyleSpaceMapper}.
 */
public final class StyleSpaceMapper extends LoadedNetwork implements Mapper {
    private static final Pattern WEIGHT = Pattern.compile("mapper\\.mapper_(\\d+)\\..*");

    private final Map<Integer, Mapping> mappings = new TreeMap<>();

    private StyleSpaceMapper(Weights weights, WeightLoader loader) {
        super(loader);
        for (var name : weights.names()) {
            var weight = WEIGHT.matcher(name);
            if (weight.matches()) {
                mappings.computeIfAbsent(Integer.parseInt(weight.group(1)), index -> new Mapping(loader.in(
                        "mapper.mapper_" + index)));
            }
        }
    }

    /** Whether a tensor of this name belongs to such a mapper. */
    static boolean isWeight(String name) {
        return WEIGHT.matcher(name).matches();
    }

    /** See {@link Mapper#load}. */
    static StyleSpaceMapper load(Weights weights, TensorEngine engine) {
        return WeightLoader.load("a mapper in StyleSpace", weights, engine, loader -> new StyleSpaceMapper(weights,
                loader));
    }

    /** Whether the style of this number moves; they count in the order in which the layers act, from 0. */
    public boolean moves(int style) {
        return mappings.containsKey(style);
    }

    /** Channels of the styles that move, by the number of the style. */
    public Map<Integer, Long> widths() {
        var widths = new TreeMap<Integer, Long>();
        mappings.forEach((style, mapping) -> widths.put(style, mapping.width()));
        return widths;
    }

    /**
     * How styles are to move.
     *
     * @param styles of all layers, in the order in which they act: [N, C] each
     * @return for each style [N, C], to be multiplied by the factor; zeros where the style does not move
     * @throws IllegalArgumentException if the styles are not those that the mapper was made for
     */
    public NDList delta(List<NDArray> styles) {
        if (mappings.keySet().stream().anyMatch(index -> index >= styles.size())) {
            throw new IllegalArgumentException("the mapper moves styles up to number " + new ArrayList<>(mappings
                    .keySet()).getLast() + ", the generator has " + styles.size()
                    + ": it was made for a larger picture");
        }
        var deltas = new NDList();
        for (int i = 0; i < styles.size(); i++) {
            var mapping = mappings.get(i);
            if (mapping != null) {
                Shapes.require("style " + i + " [N, C]", styles.get(i), Shapes.ANY, mapping.width());
            }
            deltas.add(mapping == null ? styles.get(i).zerosLike() : mapping.apply(styles.get(i)));
        }
        return deltas;
    }
}
