package org.atelier.worker.nn.encoder;

import java.util.ArrayList;
import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.tensor.AxisFilter;
import org.atelier.worker.tensor.Resampling;
import org.atelier.worker.tensor.Scope;

/**
 * Inversion by a few passes of an encoder that sees a picture beside its reconstruction so far and corrects the latent
 * (ReStyle, Alaluf et al. 2021; its {@code utils/inference_utils.py}). It starts from the mean latent and its picture.
 */
public final class Restyle implements AutoCloseable {
    /** Passes of the published runs. */
    public static final int ITERATIONS = 5;

    private final Encoder encoder;
    private final Generator generator;
    private final NDManager manager;
    private final Resampling toInput;
    private final NDArray start;
    private final NDArray average;

    /**
     * Where a pass ends.
     *
     * @param latent w+ [N, L, C]
     * @param image  its picture [N, 3, H, W]
     */
    public record Pass(NDArray latent, NDArray image) {}

    /**
     * Prepares the loop.
     *
     * @param encoder   of six channels
     * @param generator that draws its latents
     * @param start     mean latent w+ [L, C] or [1, C]
     * @param parent    of the arrays that this owns
     * @throws IllegalArgumentException if the encoder is not of this kind or not for this generator
     */
    public Restyle(Encoder encoder, Generator generator, NDArray start, NDManager parent) {
        if (encoder.channels() != 6 || encoder.rows() != generator.rows()) {
            throw new IllegalArgumentException("ReStyle needs an encoder with 6 channels and " + generator.rows()
                    + " rows, as the generator has; this one has " + encoder.channels() + " channels and " + encoder
                            .rows() + " rows");
        }
        this.encoder = encoder;
        this.generator = generator;
        this.manager = parent.newSubManager();
        this.toInput = Resampling.square(AxisFilter.adaptiveAverage(generator.resolution(), encoder.input()), manager);
        this.start = Scope.computeFor(manager, () -> start.broadcast(generator.rows(), generator.wSize()).expandDims(
                0));
        this.average = Scope.computeFor(manager, () -> toInput.apply(generator.render(this.start, Noise.STORED))
                .duplicate());
    }

    /** The picture of the mean latent, as the first pass sees it: [1, 3, input, input]. */
    public NDArray averageImage() {
        return average;
    }

    /**
     * Inverts pictures.
     *
     * @param images     [N, 3, input, input] in -1..1
     * @param iterations passes, at least one
     * @return each pass; the last one is the result
     */
    public List<Pass> invert(NDArray images, int iterations) {
        var passes = new ArrayList<Pass>();
        NDArray latent = start;
        NDArray seen = average.repeat(0, images.getShape().get(0));
        for (int i = 0; i < iterations; i++) {
            var before = latent;
            var reconstruction = seen;
            var after = Scope.compute(() -> encoder.codes(NDArrays.concat(new NDList(images, reconstruction), 1)).add(
                    before));
            var image = generator.render(after, Noise.STORED);
            passes.add(new Pass(after, image));
            seen = toInput.apply(image);
            latent = after;
        }
        return passes;
    }

    @Override
    public void close() {
        manager.close();
    }
}
