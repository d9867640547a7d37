package org.atelier.worker.edit.invert;

import java.util.LinkedHashMap;
import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.common.job.InvertRequest;
import org.atelier.worker.edit.ProjectorNoise;
import org.atelier.worker.edit.ProjectorNoise.Deviation;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.tensor.InPlace;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.TensorEngine;
import org.atelier.worker.tensor.optim.Adam;
import org.atelier.worker.tensor.optim.LearningRate;

/**
 * The projector of StyleGAN2-ADA (Karras et al. 2020, appendix D of StyleGAN2; NVlabs {@code projector.py}): moves one w,
 * or one for each row, and the noise maps until the picture looks like the target. What is added to w falls with the
 * steps; the noise maps are kept from carrying the picture, and normalised after each step.
 */
public final class Projector implements Stage {
    private static final String LATENT = "w";
    private static final String MAP = "noise/";

    private final InvertRequest request;
    private final Generator generator;
    private final TensorEngine engine;
    private final PictureDistance distance;
    private final LatentStatistics statistics;
    private final SearchNoise random;
    private final LearningRate learningRate;
    private final NDManager manager;
    private final Noise start;
    private final NDArray latent;
    private final Map<String, NDArray> maps = new LinkedHashMap<>();
    private final Adam adam;
    private int stepsDone;

    /**
     * Prepares the search.
     *
     * @param first where it starts: [1, C], or [L, C]
     */
    public Projector(InvertRequest request, Generator generator, TensorEngine engine, PictureDistance distance,
            LatentStatistics statistics, NDArray first, SearchNoise random, NDManager parent) {
        this.request = request;
        this.generator = generator;
        this.engine = engine;
        this.distance = distance;
        this.statistics = statistics;
        this.random = random;
        this.learningRate = LearningRate.ramp(request.learningRate(), request.steps(), request.rampup(), request
                .rampdown());
        this.manager = parent.newSubManager();
        this.latent = Scope.computeFor(manager, first::duplicate);
        this.start = request.optimizeNoise() ? random.maps(generator, manager) : Noise.STORED;
        if (start instanceof Noise.Given given) {
            maps.putAll(given.maps());
        }
        var parameters = new LinkedHashMap<String, NDArray>();
        parameters.put(LATENT, latent);
        maps.forEach((layer, map) -> parameters.put(MAP + layer, map));
        this.adam = new Adam(parameters, Adam.Settings.DEFAULT);
    }

    /**
     * The deviation of the noise that is added to w, in deviations of w.
     *
     * @param step   counted from 0
     * @param steps  of the whole search
     * @param factor in the first step
     * @param ramp   share of the steps in which it falls to 0
     */
    public static double noiseScale(int step, int steps, double factor, double ramp) {
        double left = Math.max(0, 1 - (double) step / steps / ramp);
        return factor * left * left;
    }

    @Override
    public Generator generator() {
        return generator;
    }

    @Override
    public int steps() {
        return request.steps();
    }

    @Override
    public int stepsDone() {
        return stepsDone;
    }

    @Override
    public InversionLoss step(int number) {
        double rate = learningRate.at(stepsDone);
        var loss = Scope.call(() -> {
            try (var tape = engine.record()) {
                var leaves = new LinkedHashMap<String, NDArray>();
                leaves.put(LATENT, tape.leaf(latent));
                maps.forEach((layer, map) -> leaves.put(MAP + layer, tape.leaf(map)));
                var picture = generator.render(rows(disturbed(leaves.get(LATENT))), noise(leaves));
                var lpips = distance.lpips(picture);
                var l2 = distance.l2(picture);
                var total = request.l2Lambda() == 0 ? lpips : lpips.add(Scalars.mul(l2, request.l2Lambda()));
                double resemblance = 0;
                if (!maps.isEmpty()) {
                    var regularization = regularization(leaves);
                    resemblance = regularization.getFloat();
                    total = total.add(Scalars.mul(regularization, request.noiseRegularization()));
                }
                tape.backward(total);
                var gradients = new LinkedHashMap<String, NDArray>();
                leaves.forEach((name, leaf) -> gradients.put(name, leaf.getGradient()));
                adam.step(gradients, rate);
                return new InversionLoss(number, total.getFloat(), lpips.getFloat(), l2.getFloat(), resemblance, rate);
            }
        });
        stepsDone++;
        Scope.run(this::settle);
        return loss;
    }

    private NDArray disturbed(NDArray w) {
        double scale = statistics.deviation() * noiseScale(stepsDone, steps(), request.noiseFactor(), request
                .noiseRamp());
        var shape = latent.getShape();
        var noise = random.latent(stepsDone, Math.toIntExact(shape.get(0)), Math.toIntExact(shape.get(1)), manager);
        return w.add(Scalars.mul(noise, scale));
    }

    /** [R, C] to w+ [1, L, C]. */
    private NDArray rows(NDArray w) {
        return w.getShape().get(0) == 1
                ? w.expandDims(1).repeat(1, generator.rows())
                : w.expandDims(0);
    }

    private Noise noise(Map<String, NDArray> leaves) {
        if (maps.isEmpty()) {
            return start;
        }
        var given = new LinkedHashMap<String, NDArray>();
        maps.keySet().forEach(layer -> given.put(layer, leaves.get(MAP + layer)));
        return new Noise.Given(given);
    }

    private NDArray regularization(Map<String, NDArray> leaves) {
        return maps.keySet().stream().map(layer -> {
            var map = leaves.get(MAP + layer);
            long size = map.getShape().get(2);
            return ProjectorNoise.regularization(map.reshape(size, size));
        }).reduce(NDArray::add).orElseThrow();
    }

    /** What is done to latent and maps after each update. */
    private void settle() {
        maps.values().forEach(map -> InPlace.assign(map, ProjectorNoise.normalized(map, Deviation.POPULATION)));
        if (request.maxDeviation() != null) {
            InPlace.assign(latent, statistics.bounded(latent, request.maxDeviation()));
        }
    }

    @Override
    public NDArray latent() {
        return Scope.compute(() -> rows(latent).duplicate());
    }

    /** The latent itself: [1, C] or [L, C]. */
    public NDArray rows() {
        return latent;
    }

    /** The noise maps, by layer: [1, 1, H, W]; none where they are not optimised. */
    public Map<String, NDArray> maps() {
        return maps;
    }

    @Override
    public NDArray picture() {
        return Scope.compute(() -> generator.render(rows(latent), maps.isEmpty() ? start : new Noise.Given(maps)));
    }

    @Override
    public Map<String, NDArray> state() {
        var state = new LinkedHashMap<String, NDArray>();
        state.put(LATENT, latent);
        maps.forEach((layer, map) -> state.put(MAP + layer, map));
        adam.state().forEach((name, array) -> state.put(OPTIMIZER + name, array));
        return state;
    }

    @Override
    public void restore(int done, Map<String, NDArray> state) {
        InPlace.assign(latent, Stage.of(LATENT, state));
        maps.forEach((layer, map) -> InPlace.assign(map, Stage.of(MAP + layer, state)));
        adam.restore(Stage.optimizer(state));
        stepsDone = done;
    }

    @Override
    public void close() {
        adam.close();
        manager.close();
    }
}
