package org.atelier.worker.nn.mapper;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.worker.nn.LoadedNetwork;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;
import org.atelier.worker.tensor.TensorEngine;

/**
 * A mapper in W+: StyleCLIP's {@code LevelsMapper}, with a stack for the coarse, the medium and the fine rows, any of which
 * may be missing and then leaves its rows alone, or its {@code SingleMapper}, with one stack for all rows.
 */
public final class LatentMapper extends LoadedNetwork implements Mapper {
    private static final String SINGLE = "mapping";
    private static final List<String> LEVELS = List.of("course_mapping", "medium_mapping", "fine_mapping");

    private final List<Part> parts;
    private final long width;

    /**
     * Where levels meet.
     *
     * @param medium first row of the medium level
     * @param fine   first row of the fine level
     */
    public record Levels(int medium, int fine) {
        /** StyleCLIP's, for the 18 rows of StyleGAN2. */
        public static final Levels STYLEGAN2 = new Levels(4, 8);
        /** For the 16 rows of StyleGAN3 (stylegan3-editing, styleclip-gan3). */
        public static final Levels STYLEGAN3 = new Levels(5, 8);

        public Levels {
            if (medium < 1 || fine <= medium) {
                throw new IllegalArgumentException(
                        "the levels of a mapper start at row 0 and at two later rows, one after the other, not at "
                                + medium + " and " + fine);
            }
        }

        /** Reads {@code levels} of a bundle's card, two rows; where it is absent, they follow from the names of the weights. */
        public static Levels of(JsonNode config, Weights weights) {
            var rows = config.path("levels");
            if (rows.isMissingNode()) {
                return MapperWeights.isForStyleGan3(weights) ? STYLEGAN3 : STYLEGAN2;
            }
            return new Levels(rows.path(0).asInt(), rows.path(1).asInt());
        }
    }

    /**
     * A stack and the rows it sees.
     *
     * @param from    first row
     * @param to      row after the last one, where there is one
     * @param mapping none: the rows do not move
     */
    private record Part(int from, Optional<Integer> to, Optional<Mapping> mapping) {}

    private LatentMapper(List<Part> parts, WeightLoader loader) {
        super(loader);
        this.parts = parts;
        this.width = parts.stream().flatMap(part -> part.mapping.stream()).findFirst().orElseThrow().width();
    }

    /** See {@link Mapper#load}. */
    static LatentMapper load(Levels levels, Weights weights, TensorEngine engine) {
        return WeightLoader.load("a mapper in W+", weights, engine, loader -> {
            var mapper = loader.in("mapper");
            if (mapper.has(SINGLE + ".mapping.1.weight")) {
                return new LatentMapper(List.of(new Part(0, Optional.empty(), Optional.of(new Mapping(mapper.in(
                        SINGLE))))), loader);
            }
            var mappings = LEVELS.stream()
                    .map(name -> weights.names().stream().anyMatch(weight -> weight.startsWith("mapper." + name + "."))
                            ? Optional.of(new Mapping(mapper.in(name)))
                            : Optional.<Mapping>empty())
                    .toList();
            if (mappings.stream().allMatch(Optional::isEmpty)) {
                throw new IllegalArgumentException("these are no mapper's weights: a mapper has mapper." + SINGLE
                        + ".*, or one of " + LEVELS + " under mapper., or mapper.mapper_N.*; these have "
                        + weights.names().stream().limit(3).toList());
            }
            return new LatentMapper(List.of(
                    new Part(0, Optional.of(levels.medium), mappings.get(0)),
                    new Part(levels.medium, Optional.of(levels.fine), mappings.get(1)),
                    new Part(levels.fine, Optional.empty(), mappings.get(2))), loader);
        });
    }

    /** Channels of a row that it moves. */
    public long width() {
        return width;
    }

    /**
     * How latents are to move.
     *
     * @param wPlus [N, L, C]
     * @return [N, L, C], to be multiplied by the factor; zeros where a level is missing
     */
    public NDArray delta(NDArray wPlus) {
        Shapes.require("w+ [N, L, C]", wPlus, Shapes.ANY, Shapes.ANY, width);
        long rows = wPlus.getShape().get(1);
        return Scope.compute(() -> {
            var deltas = parts.stream().flatMap(part -> delta(part, wPlus, rows)).toList();
            return deltas.size() == 1 ? deltas.getFirst() : NDArrays.concat(new NDList(deltas), 1);
        });
    }

    private static Stream<NDArray> delta(Part part, NDArray wPlus, long rows) {
        long to = Math.min(rows, part.to.map(Integer::longValue).orElse(rows));
        if (part.from >= to) {
            return Stream.empty();
        }
        var slice = wPlus.get(":, " + part.from + ":" + to);
        return Stream.of(part.mapping.map(mapping -> mapping.apply(slice)).orElseGet(() -> wPlus.getManager().zeros(
                new Shape(wPlus.getShape().get(0), to - part.from, wPlus.getShape().get(2)))));
    }
}
