package org.atelier.worker.edit.delta;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.nn.delta.SampleBank;
import org.atelier.worker.tensor.HostArrays;

/** Latents and the embeddings of their pictures, of which the last sixteenth is held out. In memory of the host. */
final class Samples {
    private static final int HELD_OUT_SHARE = 16;
    private static final String LATENTS = "samples/w";
    private static final String EMBEDDINGS = "samples/embedding";

    private final int size;
    private final int width;
    private final int embedding;
    private final float[] latents;
    private final float[] embeddings;
    private int count;

    /**
     * Pairs of samples.
     *
     * @param w         where they start, [N, C]
     * @param embedding of their pictures, [N, E]
     * @param direction to the embedding of the other of each pair, [N, E]
     * @param move      to the latent of the other, [N, C]
     */
    record Pairs(NDArray w, NDArray embedding, NDArray direction, NDArray move) {}

    /**
     * No samples yet.
     *
     * @param size      how many there will be
     * @param width     of w
     * @param embedding its size
     */
    Samples(int size, int width, int embedding) {
        this.size = size;
        this.width = width;
        this.embedding = embedding;
        this.latents = new float[Math.multiplyExact(size, width)];
        this.embeddings = new float[Math.multiplyExact(size, embedding)];
    }

    int count() {
        return count;
    }

    boolean areComplete() {
        return count == size;
    }

    /**
     * Adds samples.
     *
     * @param w          [N, C]
     * @param embedded   [N, E]
     */
    void add(NDArray w, NDArray embedded) {
        var newLatents = w.toFloatArray();
        System.arraycopy(newLatents, 0, latents, count * width, newLatents.length);
        var newEmbeddings = embedded.toFloatArray();
        System.arraycopy(newEmbeddings, 0, embeddings, count * embedding, newEmbeddings.length);
        count += newLatents.length / width;
    }

    /**
     * All of them in independent components, for edits to look things up in.
     *
     * @param seed of the search for the components
     */
    SampleBank bank(long seed, NDManager manager) {
        var mean = mean();
        var found = IndependentComponents.of(latents, mean, seed, manager);
        var filters = HostArrays.of(manager, found.filters(), new Shape(found.count(), width));
        var components = HostArrays.of(manager, latents, new Shape(size, width))
                .sub(HostArrays.of(manager, mean, new Shape(1, width)))
                .matMul(filters.transpose());
        return new SampleBank(
                HostArrays.of(manager, embeddings, new Shape(size, embedding)).toType(DataType.FLOAT16, true),
                components.toType(DataType.FLOAT16, true),
                HostArrays.of(manager, found.directions(), new Shape(found.count(), width)), filters);
    }

    /** The mean of w, [C]. */
    float[] mean() {
        var sums = new double[width];
        for (int i = 0; i < latents.length; i++) {
            sums[i % width] += latents[i];
        }
        var mean = new float[width];
        for (int c = 0; c < width; c++) {
            mean[c] = (float) (sums[c] / size);
        }
        return mean;
    }

    /** The deviation of all components of w from their mean. */
    double deviation(float[] mean) {
        double squares = 0;
        for (int i = 0; i < latents.length; i++) {
            double distance = latents[i] - mean[i % width];
            squares += distance * distance;
        }
        return Math.sqrt(squares / latents.length);
    }

    /** Random pairs of what is not held out. */
    Pairs pairs(int number, SplittableRandom random, NDManager manager) {
        return pairs(number, 0, size - heldOut(), random, manager);
    }

    /** Random pairs of what is held out. */
    Pairs heldOutPairs(int number, SplittableRandom random, NDManager manager) {
        return pairs(number, size - heldOut(), size, random, manager);
    }

    private int heldOut() {
        return size / HELD_OUT_SHARE;
    }

    private Pairs pairs(int number, int from, int to, SplittableRandom random, NDManager manager) {
        var w = new float[number * width];
        var move = new float[number * width];
        var e = new float[number * embedding];
        var direction = new float[number * embedding];
        for (int pair = 0; pair < number; pair++) {
            int first = random.nextInt(from, to);
            int second = random.nextInt(from, to);
            take(latents, width, pair, first, second, w, move);
            take(embeddings, embedding, pair, first, second, e, direction);
        }
        return new Pairs(HostArrays.of(manager, w, new Shape(number, width)),
                HostArrays.of(manager, e, new Shape(number, embedding)),
                HostArrays.of(manager, direction, new Shape(number, embedding)),
                HostArrays.of(manager, move, new Shape(number, width)));
    }

    private static void take(float[] rows, int width, int pair, int first, int second, float[] values,
            float[] differences) {
        for (int i = 0; i < width; i++) {
            float value = rows[first * width + i];
            values[pair * width + i] = value;
            differences[pair * width + i] = rows[second * width + i] - value;
        }
    }

    /** Puts what is there so far among the tensors of a state. */
    void save(Map<String, NDArray> tensors, NDManager manager) {
        tensors.put(LATENTS, HostArrays.of(manager, Arrays.copyOf(latents, count * width), new Shape(count,
                width)));
        tensors.put(EMBEDDINGS, HostArrays.of(manager, Arrays.copyOf(embeddings, count * embedding),
                new Shape(count, embedding)));
    }

    /**
     * Takes what {@link #save} put there.
     *
     * @throws IllegalArgumentException if these are other samples
     */
    void restore(SafetensorsFile state, NDManager manager) {
        var w = state.readAsStored(LATENTS, manager);
        var e = state.readAsStored(EMBEDDINGS, manager);
        if (w.getShape().get(0) > size || w.getShape().get(1) != width || e.getShape().get(1) != embedding) {
            throw new IllegalArgumentException("the state has samples " + w.getShape() + " and " + e.getShape());
        }
        count = 0;
        add(w, e);
    }
}
