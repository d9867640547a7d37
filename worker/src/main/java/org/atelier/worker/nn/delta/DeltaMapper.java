package org.atelier.worker.nn.delta;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import org.atelier.worker.nn.HostWeights;
import org.atelier.worker.nn.LinearLayer;
import org.atelier.worker.nn.LoadedNetwork;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.tensor.RandomState;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;
import org.atelier.worker.tensor.TensorEngine;

/**
 * Says how w must move for the CLIP embedding of its picture to move in a given direction. It is trained on pictures
 * alone, so one network serves every text (the idea of DeltaEdit, Lyu et al. 2023, arXiv 2303.06285; the network is a
 * plain one, not that of the paper).
 *
 * <p>Tensors: {@code layers.N.weight} and {@code layers.N.bias}, GELU between them, from (w, e, d) to the move;
 * {@code w_avg} [C] and {@code w_std} [1], by which w is standardised and the move is not; {@code embedding_scale} [1],
 * by which e and d are multiplied; {@code neutral} [E], what texts are seen against; perhaps a {@link SampleBank}.
 */
public final class DeltaMapper extends LoadedNetwork {
    private static final String LAYERS = "layers.";

    private final List<LinearLayer> layers = new ArrayList<>();
    private final NDArray mean;
    private final NDArray deviation;
    private final NDArray scale;
    private final NDArray neutral;
    private final Optional<SampleBank> bank;

    /**
     * What a mapper is made for.
     *
     * @param wAvg           mean of w, [C]
     * @param wStd           deviation of all components of w from it
     * @param neutral        mean embedding of texts that ask for nothing, [E]
     * @param embeddingScale factor of embeddings, which are short beside w
     */
    public record Surroundings(float[] wAvg, double wStd, float[] neutral, double embeddingScale) {}

    private DeltaMapper(WeightLoader loader) {
        super(loader);
        long width = loader.shape("w_avg").stream().findFirst().orElse(1L);
        long embedding = loader.shape("neutral").stream().findFirst().orElse(1L);
        this.mean = loader.take("w_avg", width);
        this.deviation = loader.take("w_std", 1);
        this.scale = loader.take("embedding_scale", 1);
        this.neutral = loader.take("neutral", embedding);
        long inputs = width + 2 * embedding;
        int count = 0;
        while (count == 0 || loader.has(LAYERS + count + ".weight")) {
            var shape = loader.shape(LAYERS + count + ".weight");
            boolean last = !loader.has(LAYERS + (count + 1) + ".weight");
            long outputs = last || shape.isEmpty() ? width : shape.getFirst();
            layers.add(LinearLayer.load(loader.in(LAYERS + count), inputs, outputs));
            inputs = outputs;
            count++;
        }
        this.bank = SampleBank.isIn(loader) ? Optional.of(SampleBank.load(loader, width, embedding)) : Optional.empty();
    }

    /** Builds the network; how wide and deep it is follows from its weights. */
    public static DeltaMapper load(Weights weights, TensorEngine engine) {
        return WeightLoader.load("a delta mapper", weights, engine, DeltaMapper::new);
    }

    /**
     * A mapper that has learned nothing yet. Weights are normal with the variance of PyTorch's linear layers, 1/(3 I).
     *
     * @param hidden width of each hidden layer
     * @param seed   of the weights, 0 to 2^32-1
     */
    public static DeltaMapper untrained(Surroundings surroundings, List<Integer> hidden, long seed,
            TensorEngine engine) {
        int width = surroundings.wAvg.length;
        int embedding = surroundings.neutral.length;
        var random = new RandomState(seed);
        var weights = new HostWeights();
        weights.put("w_avg", surroundings.wAvg, width);
        weights.put("w_std", new float[]{(float) surroundings.wStd}, 1);
        weights.put("embedding_scale", new float[]{(float) surroundings.embeddingScale}, 1);
        weights.put("neutral", surroundings.neutral, embedding);
        int inputs = width + 2 * embedding;
        for (int layer = 0; layer <= hidden.size(); layer++) {
            int outputs = layer == hidden.size() ? width : hidden.get(layer);
            var values = random.randnFloat(inputs * outputs);
            double factor = 1 / Math.sqrt(3.0 * inputs);
            for (int i = 0; i < values.length; i++) {
                values[i] *= (float) factor;
            }
            weights.put(LAYERS + layer + ".weight", values, outputs, inputs);
            weights.put(LAYERS + layer + ".bias", new float[outputs], outputs);
            inputs = outputs;
        }
        return load(weights, engine);
    }

    /** Size of w. */
    public long width() {
        return mean.size();
    }

    /** Size of an embedding. */
    public long embedding() {
        return neutral.size();
    }

    /** Mean embedding of texts that ask for nothing, [E]. */
    public NDArray neutral() {
        return neutral;
    }

    /** Mean of w, [C]. */
    public NDArray mean() {
        return mean;
    }

    /** The pictures that it learned from, if its file has them. */
    public Optional<SampleBank> bank() {
        return bank;
    }

    /**
     * How w moves, in deviations of w: what training compares.
     *
     * @param w         [N, C]
     * @param embedding of the pictures of w, of norm 1: [N, E]
     * @param direction in which the embedding is to move: [N, E]
     * @return [N, C]
     */
    public NDArray standardized(NDArray w, NDArray embedding, NDArray direction) {
        Shapes.require("w [N, C]", w, Shapes.ANY, width());
        Shapes.require("embedding [N, E]", embedding, w.getShape().get(0), embedding());
        Shapes.require("direction [N, E]", direction, w.getShape().get(0), embedding());
        return Scope.compute(() -> {
            var x = NDArrays.concat(new NDList(w.sub(mean).div(deviation), embedding.mul(scale), direction.mul(scale)),
                    1);
            for (int layer = 0; layer < layers.size(); layer++) {
                x = layers.get(layer).apply(layer == 0 ? x : Activation.gelu(x));
            }
            return x;
        });
    }

    /**
     * How w moves for a direction, less what the network says of no direction at all: w' = w + move.
     *
     * @param w         [N, C]
     * @param embedding of the pictures of w, of norm 1: [N, E]
     * @param direction in which the embedding is to move: [N, E]
     * @return [N, C]
     */
    public NDArray move(NDArray w, NDArray embedding, NDArray direction) {
        return Scope.compute(() -> standardized(w, embedding, direction).sub(standardized(w, embedding, direction
                .zerosLike())).mul(deviation));
    }

    /**
     * A difference between latents in deviations of w.
     *
     * @param difference [N, C]
     */
    public NDArray inDeviations(NDArray difference) {
        return Scope.compute(() -> difference.div(deviation));
    }

    /** The tensors that training changes. */
    public Map<String, NDArray> trainable() {
        var trainable = new LinkedHashMap<String, NDArray>();
        new TreeMap<>(parameters()).forEach((name, array) -> {
            if (name.startsWith(LAYERS)) {
                trainable.put(name, array);
            }
        });
        return trainable;
    }
}
