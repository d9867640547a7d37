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
 * Exchanges in a latent what a text is about, and nothing else. Of many pictures of the generator those are taken that fit
 * the text; the independent components of w on which they agree are what the text is about, and the value on which they
 * agree is what it asks for. A component on which they differ as all pictures do has nothing to do with the text and is
 * left alone.
 */
final class Exchange {
    /** Of fewer pictures too few fit a text to say what they agree on. */
    static final int FEWEST_SAMPLES = 1_024;

    /** Cosines above this share of the way from the median to the best fit the text. */
    private static final double FITTING = 0.6;
    /** How many of all pictures the best are. */
    private static final double BEST_SHARE = 1.0 / 128;
    /** At least this share of all fits, and at most the other: a mean of fewer is noise, of more is no longer the text's. */
    private static final double FEWEST_FITTING = 1.0 / 64;
    private static final double MOST_FITTING = 1.0 / 16;

    /** Components that lost so much of their variance are agreed on. */
    private static final double AGREED = 0.85;
    /** Or whose mean is so far from that of all, in deviations. */
    private static final double FAR = 0.6;
    /** Or that lost so much, with a mean so far away. */
    private static final double PARTLY_AGREED = 0.6;
    private static final double PARTLY_FAR = 0.3;

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
     * @return empty if the mapper's file has no pictures, or those that fit agree on nothing
     */
    static Optional<Exchange> of(DeltaMapper mapper, NDArray text) {
        return mapper.bank().flatMap(bank -> {
            var cosines = Scope.call(() -> bank.embeddings().matMul(text.transpose()).toFloatArray());
            var wanted = wanted(cosines, bank.components().toFloatArray(), bank.count());
            return DoubleStream.of(wanted).allMatch(Double::isNaN)
                    ? Optional.empty()
                    : Optional.of(new Exchange(wanted, bank, mapper));
        });
    }

    /**
     * The value of each component on which pictures that fit agree, NaN for the others.
     *
     * @param cosines    of the pictures to the text, [S]
     * @param components of their latents, of variance 1, [S, K]
     */
    static double[] wanted(float[] cosines, float[] components, int count) {
        var fitting = fitting(cosines);
        var wanted = new double[count];
        for (int component = 0; component < count; component++) {
            double sum = 0;
            double squares = 0;
            for (int sample : fitting) {
                double value = components[sample * count + component];
                sum += value;
                squares += value * value;
            }
            double mean = sum / fitting.length;
            double lost = 1 - (squares / fitting.length - mean * mean);
            boolean agreed = lost > AGREED || Math.abs(mean) > FAR || lost > PARTLY_AGREED && Math.abs(
                    mean) > PARTLY_FAR;
            wanted[component] = agreed ? mean : Double.NaN;
        }
        return wanted;
    }

    private static int[] fitting(float[] cosines) {
        int samples = cosines.length;
        var sorted = cosines.clone();
        Arrays.sort(sorted);
        double median = sorted[samples / 2];
        int best = Math.max(1, (int) (samples * BEST_SHARE));
        double top = IntStream.range(samples - best, samples).mapToDouble(i -> sorted[i]).average().orElseThrow();
        double enough = median + FITTING * (top - median);
        int above = (int) IntStream.range(0, samples).filter(i -> cosines[i] > enough).count();
        int taken = Math.clamp(above, Math.max(1, (int) (samples * FEWEST_FITTING)), Math.max(1, (int) (samples
                * MOST_FITTING)));
        return IntStream.range(0, samples).filter(i -> cosines[i] >= sorted[samples - taken]).toArray();
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
