package org.atelier.worker.edit.invert;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.RandomState;

/** The random numbers of a projector. */
public interface SearchNoise {
    /**
     * The noise maps at the start.
     *
     * @return normal, of the shapes that the generator takes
     */
    Noise maps(Generator generator, NDManager manager);

    /**
     * What is added to the latent in a step.
     *
     * @param rows that it has
     * @return [rows, C], normal
     */
    NDArray latent(int step, int rows, int width, NDManager manager);

    /** Noise that follows from a seed and the step alone, so that an interrupted search goes on with the same. */
    static SearchNoise seeded(long seed) {
        return new SearchNoise() {
            @Override
            public Noise maps(Generator generator, NDManager manager) {
                return generator.noise(new RandomState(seed), manager);
            }

            @Override
            public NDArray latent(int step, int rows, int width, NDManager manager) {
                // 2654435761 is Knuth's multiplier: it spreads seeds and steps over all 32 bits.
                long own = (seed + 1) * 2_654_435_761L + step & 0xFFFF_FFFFL;
                return HostArrays.of(manager, new RandomState(own).randnFloat(rows * width), new Shape(rows, width));
            }
        };
    }
}
