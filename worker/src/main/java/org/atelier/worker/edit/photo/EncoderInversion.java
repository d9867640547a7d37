package org.atelier.worker.edit.photo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.encoder.Encoder;
import org.atelier.worker.nn.encoder.Restyle;
import org.atelier.worker.tensor.AxisFilter;
import org.atelier.worker.tensor.Resampling;
import org.atelier.worker.tensor.Scope;

/** Finds the latent of a picture by the bundle's encoder: in one pass, or, where it sees its own result, in several. */
public final class EncoderInversion {
    private static final int WITH_RECONSTRUCTION = 6;

    private EncoderInversion() {}

    /**
     * Finds a latent.
     *
     * @param picture    [1, 3, H, H] in -1..1, cut as the generator's pictures are
     * @param iterations passes of an encoder that sees its own result
     * @param manager    lends memory for the time of the call
     * @return w+ [1, L, C]
     * @throws JobException INVALID_REQUEST if the bundle has no encoder
     */
    public static NDArray invert(BundleNetworks networks, NDArray picture, int iterations, NDManager manager) {
        var encoder = networks.encoder()
                .orElseThrow(() -> new JobException(ErrorCategory.INVALID_REQUEST, networks.card().reference()
                        + " has no encoder and cannot start from an image; find its latent by a job of type invert first,"
                        + " and name that."));
        var generator = networks.generator();
        try (var own = manager.newSubManager()) {
            var toInput = Resampling.square(AxisFilter.bilinearAntialiased(generator.resolution(), encoder.input()),
                    own);
            return Scope.compute(() -> {
                var seen = toInput.apply(picture);
                return encoder.channels() == WITH_RECONSTRUCTION
                        ? restyle(encoder, generator, seen, iterations, own)
                        : encoder.encode(seen).broadcast(1, generator.rows(), generator.wSize()).duplicate();
            });
        }
    }

    private static NDArray restyle(Encoder encoder, Generator generator, NDArray seen, int iterations,
            NDManager manager) {
        var start = encoder.start().orElseGet(() -> generator.meanLatent().expandDims(0));
        try (var loop = new Restyle(encoder, generator, start, manager)) {
            return loop.invert(seen, iterations).getLast().latent().duplicate();
        }
    }
}
