package org.atelier.worker.nn.delta;

import java.util.Map;

import ai.djl.ndarray.NDArray;
import org.atelier.worker.nn.WeightLoader;

/**
 * Pictures of a generator as CLIP sees them, with their latents in independent components: where edits look up what
 * pictures that fit a text have in common. Tensors of a delta mapper's file, which are there together or not at all.
 *
 * @param embeddings {@code bank.embeddings}, of norm 1, [S, E]
 * @param components {@code bank.components}: the latents, [S, K]
 * @param directions {@code bank.directions}: how w changes with each component, [K, C]
 * @param filters    {@code bank.filters}: how each component is read from w - {@code w_avg}, [K, C]
 */
public record SampleBank(NDArray embeddings, NDArray components, NDArray directions, NDArray filters) {
    private static final String PREFIX = "bank";
    private static final String EMBEDDINGS = "embeddings";
    private static final String COMPONENTS = "components";
    private static final String DIRECTIONS = "directions";
    private static final String FILTERS = "filters";

    static boolean isIn(WeightLoader mapper) {
        return mapper.has(PREFIX + "." + EMBEDDINGS);
    }

    static SampleBank load(WeightLoader mapper, long width, long embedding) {
        var loader = mapper.in(PREFIX);
        long samples = loader.shape(EMBEDDINGS).getFirst();
        long count = loader.shape(DIRECTIONS).stream().findFirst().orElse(1L);
        return new SampleBank(loader.take(EMBEDDINGS, samples, embedding), loader.take(COMPONENTS, samples, count),
                loader.take(DIRECTIONS, count, width), loader.take(FILTERS, count, width));
    }

    /** By the names that they have in a file. */
    public Map<String, NDArray> tensors() {
        return Map.of(PREFIX + "." + EMBEDDINGS, embeddings, PREFIX + "." + COMPONENTS, components, PREFIX + "."
                + DIRECTIONS, directions, PREFIX + "." + FILTERS, filters);
    }

    /** How many pictures. */
    public int samples() {
        return Math.toIntExact(embeddings.getShape().get(0));
    }

    /** How many components. */
    public int count() {
        return Math.toIntExact(directions.getShape().get(0));
    }
}
