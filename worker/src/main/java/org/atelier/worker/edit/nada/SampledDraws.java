package org.atelier.worker.edit.nada;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.RandomState;
import org.atelier.worker.tensor.Scope;

/** Fresh latents and noise for every step, all from one seed. */
final class SampledDraws implements NadaDraws {
    private static final long LATENTS = 1;
    private static final long SELECTION = 2;
    private static final long MIXING = 3;
    private static final long PIXELS = 4;
    private static final long MAPS = 5;

    private final Generator generator;
    private final Form form;

    /** Shapes [1, 1, H, W] by layer; empty: the generator has no noise maps. */
    private final Map<String, Shape> maps = new LinkedHashMap<>();

    /**
     * What is drawn.
     *
     * @param seed           of everything
     * @param batch          pictures of a step
     * @param selectionBatch latents of a selection
     * @param psi            truncation of all latents
     * @param mixing         share of the batches whose latents are mixed of two ({@code mixing_noise})
     * @param noise          of the generators
     */
    record Form(
            long seed,
            int batch,
            int selectionBatch,
            double psi,
            double mixing,
            org.atelier.common.job.Noise.Mode noise) {}

    SampledDraws(Generator generator, Form form, NDManager manager) {
        this.generator = generator;
        this.form = form;
        Scope.run(() -> {
            if (generator.noise(new RandomState(0), manager) instanceof Noise.Given given) {
                given.maps().forEach((layer, map) -> maps.put(layer, map.getShape()));
            }
        });
    }

    private SplittableRandom random(int step, long purpose) {
        // A generator of its own for each purpose of each step: nothing depends on what was drawn before.
        return new SplittableRandom(new SplittableRandom(form.seed() * 31 + purpose).nextLong() + step);
    }

    @Override
    public NDArray latents(int step, NDManager manager) {
        return Scope.compute(() -> {
            var random = random(step, MIXING);
            var first = map(step, LATENTS, form.batch(), manager);
            if (random.nextDouble() >= form.mixing()) {
                return first;
            }
            int row = random.nextInt(1, generator.rows());
            var second = map(step, MIXING, form.batch(), manager);
            return NDArrays.concat(new NDList(first.get(":, :" + row), second.get(":, " + row + ":")), 1);
        });
    }

    @Override
    public NDArray selectionLatents(int step, NDManager manager) {
        return Scope.compute(() -> map(step, SELECTION, form.selectionBatch(), manager));
    }

    private NDArray map(int step, long purpose, int count, NDManager manager) {
        var z = normal(random(step, purpose), new Shape(count, generator.zSize()), manager);
        return generator.truncate(generator.map(z), form.psi(), generator.rows());
    }

    private static NDArray normal(SplittableRandom random, Shape shape, NDManager manager) {
        var values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return HostArrays.of(manager, values, shape);
    }

    @Override
    public Noise noise(int step, Pass pass, int pictures, NDManager manager) {
        return switch (form.noise()) {
            case CONST -> Noise.STORED;
            case NONE -> Noise.NONE;
            case SOURCE -> throw new IllegalArgumentException("a training has no source with noise maps of its own");
            case RANDOM -> maps.isEmpty() ? Noise.NONE : random(step, pass, pictures, manager);
        };
    }

    private Noise random(int step, Pass pass, int pictures, NDManager manager) {
        var random = random(step, MAPS + pass.ordinal());
        var given = new LinkedHashMap<String, NDArray>();
        maps.forEach((layer, shape) -> given.put(layer, normal(random, new Shape(pictures, 1, shape.get(2), shape.get(
                3)), manager)));
        return new Noise.Given(given);
    }

    @Override
    public NDArray pixelNoise(int step, Shape shape, NDManager manager) {
        return normal(random(step, PIXELS), shape, manager);
    }
}
