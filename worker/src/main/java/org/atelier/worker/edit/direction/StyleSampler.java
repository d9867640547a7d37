package org.atelier.worker.edit.direction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.job.DirectionTrainRequest.Statistics;
import org.atelier.common.job.DirectionTrainRequest.TruncatedRows;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.RandomState;
import org.atelier.worker.tensor.Scope;

/** The styles of sampled latents, one after the other from a seed (StyleCLIP {@code GetCode.py}). */
public final class StyleSampler {
    private final Generator generator;
    private final StyleChannels channels;
    private final Statistics settings;
    private final RandomState random;

    /** Starts at the first latent. */
    public StyleSampler(Generator generator, StyleChannels channels, Statistics settings) {
        this.generator = generator;
        this.channels = channels;
        this.settings = settings;
        this.random = new RandomState(settings.seed());
    }

    /**
     * The styles of the next latents.
     *
     * @return [count, K]
     */
    public NDArray next(int count, NDManager manager) {
        return Scope.compute(() -> styles(HostArrays.of(manager, random.randnFloat(count * generator.zSize()),
                new Shape(
                        count, generator.zSize()))));
    }

    /** Leaves latents out. */
    public void skip(int count) {
        for (int i = 0; i < count; i++) {
            random.randnFloat(generator.zSize());
        }
    }

    /**
     * The styles of given latents.
     *
     * @param z [N, Z]
     * @return [N, K]
     */
    public NDArray styles(NDArray z) {
        return Scope.compute(() -> channels.pack(generator.styles(generator.truncate(generator.map(z), settings
                .truncation().psi(), cutoff()))));
    }

    private int cutoff() {
        var cutoff = settings.truncation().cutoff();
        if (cutoff == null || settings.rows() == TruncatedRows.FIRST && cutoff > 0) {
            return generator.rows();
        }
        return Math.min(cutoff, generator.rows());
    }
}
