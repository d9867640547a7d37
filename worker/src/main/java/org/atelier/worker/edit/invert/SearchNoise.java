package org.atelier.worker.edit.invert;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.InPlace;
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
                return ofStep(seed, step, rows, width, manager);
            }
        };
    }

    /** The same, but the maps at the start are those of the generator: for a search that starts near its end. */
    static SearchNoise fromStored(long seed) {
        return new SearchNoise() {
            @Override
            public Noise maps(Generator generator, NDManager manager) {
                return generator.noise(new RandomState(seed), manager) instanceof Noise.Given given
                        ? new Noise.Given(given.maps().entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey,
                                map -> stored(generator, map.getKey(), map.getValue()), (a, b) -> a,
                                LinkedHashMap::new)))
                        : Noise.NONE;
            }

            @Override
            public NDArray latent(int step, int rows, int width, NDManager manager) {
                return ofStep(seed, step, rows, width, manager);
            }
        };
    }

    /** Random where a generator stores none under the published name. */
    private static NDArray stored(Generator generator, String layer, NDArray random) {
        var stored = generator.parameters().get(layer + ".noise_const");
        return stored == null ? random : InPlace.assign(random, stored.reshape(random.getShape()));
    }

    private static NDArray ofStep(long seed, int step, int rows, int width, NDManager manager) {
        // 2654435761 is Knuth's multiplier: it spreads seeds and steps over all 32 bits.
        long own = (seed + 1) * 2_654_435_761L + step & 0xFFFF_FFFFL;
        return HostArrays.of(manager, new RandomState(own).randnFloat(rows * width), new Shape(rows, width));
    }
}
