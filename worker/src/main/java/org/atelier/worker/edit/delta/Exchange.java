package org.atelier.worker.edit.delta;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.nn.delta.DeltaMapper;
import org.atelier.worker.nn.delta.SampleBank;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Scope;

/**
 * Exchanges in a latent what a text is about, and nothing else. The components of w fall into {@link IndependentSubspaces},
 * one for each thing that pictures of the generator can differ in. A subspace is what the text is about if the text's
 * cosine depends on where in it a sample picture lies; where it is highest, on average over everything else, is what the
 * text asks for ({@link SubspaceEffect}). The other subspaces are left alone.
 */
final class Exchange {
    /** Of fewer pictures too few are near any point of a subspace to say what it means. */
    static final int FEWEST_SAMPLES = 1_024;

    /**
     * A subspace that accounts for less of the variance of the cosines is not what the text is about. On avatar-128: 0.56
     * and more where it is, 0.14 and more where it is one of two, at most 0.11 for a text that asks for nothing.
     */
    private static final double LEAST_EXPLAINED = 0.13;

    /** By component; NaN where it is left alone. */
    private final double[] wanted;
    private final SampleBank bank;
    private final DeltaMapper mapper;

    private Exchange(double[] wanted, SampleBank bank, DeltaMapper mapper) {
        this.wanted = wanted;
        this.bank = bank;
        this.mapper = mapper;
    }

    /**
     * What a text asks for.
     *
     * @param text embedding of norm 1, [1, E]
     * @return empty if the mapper's file has no pictures, or the text is about nothing in which they differ
     */
    static Optional<Exchange> of(DeltaMapper mapper, NDArray text) {
        return mapper.bank().flatMap(bank -> {
            var wanted = Scope.call(() -> wanted(bank.components(), bank.embeddings().matMul(text.transpose())));
            return DoubleStream.of(wanted).allMatch(Double::isNaN)
                    ? Optional.empty()
                    : Optional.of(new Exchange(wanted, bank, mapper));
        });
    }

    /**
     * The value of each component that is asked for, NaN for those to be left alone.
     *
     * @param components of the latents of sample pictures, of variance 1, [S, K]
     * @param cosines    of the pictures to the text, [S, 1]
     */
    static double[] wanted(NDArray components, NDArray cosines) {
        return Scope.call(() -> {
            var subspaces = IndependentSubspaces.of(components);
            var columns = components.transpose();
            var effects = subspaces.stream()
                    .map(subspace -> SubspaceEffect.of(columns(columns, subspace), cosines))
                    .toList();
            var wanted = new double[Math.toIntExact(components.getShape().get(1))];
            Arrays.fill(wanted, Double.NaN);
            for (int i = 0; i < subspaces.size(); i++) {
                var effect = effects.get(i);
                if (effect.explained() >= LEAST_EXPLAINED) {
                    for (int d = 0; d < subspaces.get(i).length; d++) {
                        wanted[subspaces.get(i)[d]] = effect.best()[d];
                    }
                }
            }
            return wanted;
        });
    }

    private static NDArray columns(NDArray transposed, int[] chosen) {
        var index = IntStream.of(chosen).asLongStream().toArray();
        return transposed.get(HostArrays.of(transposed.getManager(), index, new Shape(index.length))).transpose();
    }

    /** How w changes with each component: [K, C], the bank's own. */
    NDArray directions() {
        return bank.directions();
    }

    /**
     * How far each component of a latent is from what the text asks for.
     *
     * @param w     [1, C]
     * @param share of the way
     * @return [1, K]; 0 for what is left alone
     */
    NDArray way(NDArray w, double share, NDManager manager) {
        var now = Scope.call(() -> w.sub(mapper.mean()).matMul(bank.filters().transpose()).toFloatArray());
        var way = new float[now.length];
        for (int i = 0; i < way.length; i++) {
            way[i] = Double.isNaN(wanted[i]) ? 0 : (float) (share * (wanted[i] - now[i]));
        }
        return HostArrays.of(manager, way, new Shape(1, way.length));
    }
}
