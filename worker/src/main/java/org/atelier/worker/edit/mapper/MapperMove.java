package org.atelier.worker.edit.mapper;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import ai.djl.ndarray.NDArray;
import org.atelier.common.job.MapperTrainRequest.Delta;
import org.atelier.common.job.Reduction;
import org.atelier.worker.edit.LatentDistance;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.mapper.LatentMapper;
import org.atelier.worker.nn.mapper.Mapper;
import org.atelier.worker.nn.mapper.StyleSpaceMapper;
import org.atelier.worker.tensor.Scalars;
import org.jspecify.annotations.Nullable;

/**
 * Latents, and where a mapper moves them: {@code s + strength * bounded(factor * M(s))}. In W+ there is one part, in
 * StyleSpace one a layer.
 *
 * @param before parts of the latents, [N, ..., C] each
 * @param raw    what the mapper gives for each part
 * @param after  parts of the moved latents
 * @param styles of the moved latents, as {@link Generator#styles} gives them
 * @param wPlus  the moved latents [N, L, C]; empty in StyleSpace, which has more room than W+
 */
record MapperMove(List<NDArray> before, List<NDArray> raw, List<NDArray> after, Map<String, NDArray> styles,
        Optional<NDArray> wPlus) {
    /** Keeps the gradient of a norm finite where a delta is zero. */
    private static final float SMALLEST = 1e-12f;

    /**
     * How much of a mapper's output is added.
     *
     * @param factor   what it is multiplied by
     * @param maxDelta longest delta of a row or a layer's style after the factor; null: no bound
     * @param strength what the bounded delta is multiplied by
     */
    record Reach(double factor, @Nullable Double maxDelta, double strength) {
        NDArray of(NDArray raw) {
            var delta = Scalars.mul(raw, factor);
            if (maxDelta != null) {
                int last = delta.getShape().dimension() - 1;
                var length = delta.square().sum(new int[]{last}, true).add(SMALLEST).sqrt();
                delta = delta.mul(Scalars.mul(Scalars.pow(Scalars.maximum(length, maxDelta), -1), maxDelta));
            }
            return strength == 1 ? delta : Scalars.mul(delta, strength);
        }
    }

    /**
     * Moves latents.
     *
     * @param wPlus [N, L, C]
     */
    static MapperMove of(Mapper mapper, Generator generator, NDArray wPlus, Reach reach) {
        return switch (mapper) {
            case LatentMapper latent -> {
                var raw = latent.delta(wPlus);
                var moved = wPlus.add(reach.of(raw));
                yield new MapperMove(List.of(wPlus), List.of(raw), List.of(moved), generator.styles(moved), Optional.of(
                        moved));
            }
            case StyleSpaceMapper space -> inStyleSpace(space, generator.styles(wPlus), reach);
        };
    }

    private static MapperMove inStyleSpace(StyleSpaceMapper mapper, Map<String, NDArray> styles, Reach reach) {
        var before = List.copyOf(styles.values());
        var raw = mapper.delta(before);
        var after = new ArrayList<NDArray>();
        var moved = new LinkedHashMap<String, NDArray>();
        for (var layer : styles.keySet()) {
            int index = after.size();
            after.add(mapper.moves(index) ? before.get(index).add(reach.of(raw.get(index))) : before.get(index));
            moved.put(layer, after.get(index));
        }
        return new MapperMove(before, List.copyOf(raw), after, moved, Optional.empty());
    }

    /**
     * How far the latents are moved, the mean over the batch. Over layers it is summed; the norm is that of all layers
     * together.
     *
     * @return []
     */
    NDArray distance(Delta of, Reduction reduction) {
        if (reduction == Reduction.MEAN) {
            return of == Delta.SCALED
                    ? LatentDistance.between(after, before, Reduction.MEAN)
                    : LatentDistance.between(raw, raw.stream().map(NDArray::zerosLike).toList(), Reduction.MEAN);
        }
        NDArray squares = null;
        for (int part = 0; part < before.size(); part++) {
            var delta = of == Delta.SCALED ? after.get(part).sub(before.get(part)) : raw.get(part);
            var square = delta.square().reshape(delta.getShape().get(0), -1).sum(new int[]{1});
            squares = squares == null ? square : squares.add(square);
        }
        return reduction == Reduction.SUM ? squares.mean() : squares.add(SMALLEST).sqrt().mean();
    }
}
