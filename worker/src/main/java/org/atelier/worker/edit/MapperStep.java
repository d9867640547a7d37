package org.atelier.worker.edit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import ai.djl.ndarray.NDArray;
import org.atelier.common.job.Reduction;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.mapper.LatentMapper;
import org.atelier.worker.nn.mapper.Mapper;
import org.atelier.worker.nn.mapper.StyleSpaceMapper;
import org.atelier.worker.tensor.Scalars;

/**
 * A latent and where a mapper moves it: {@code s + factor * M(s)}.
 *
 * @param styles   of the moved latent, as {@link Generator#styles} gives them
 * @param distance [] between the two latents; in StyleSpace it is summed over the styles
 */
public record MapperStep(Map<String, NDArray> styles, NDArray distance) {
    /**
     * Moves latents.
     *
     * @param wPlus     [N, L, C]
     * @param factor    that the mapper's output is multiplied by
     * @param reduction what the distance means, for each style where there are several
     */
    public static MapperStep of(Mapper mapper, Generator generator, NDArray wPlus, double factor,
            Reduction reduction) {
        return switch (mapper) {
            case LatentMapper latent -> {
                var moved = wPlus.add(Scalars.mul(latent.delta(wPlus), factor));
                yield new MapperStep(generator.styles(moved), LatentDistance.between(moved, wPlus, reduction));
            }
            case StyleSpaceMapper space -> inStyleSpace(space, generator.styles(wPlus), factor, reduction);
        };
    }

    private static MapperStep inStyleSpace(StyleSpaceMapper mapper, Map<String, NDArray> before, double factor,
            Reduction reduction) {
        var deltas = mapper.delta(List.copyOf(before.values()));
        var after = new LinkedHashMap<String, NDArray>();
        before.forEach((layer, style) -> after.put(layer, style.add(Scalars.mul(deltas.get(after.size()), factor))));
        return new MapperStep(after, LatentDistance.between(List.copyOf(after.values()), List.copyOf(before.values()),
                reduction));
    }
}
