package org.atelier.worker.edit.invert;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.common.job.InvertRequest.Tuning;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.GeneratorDelta;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.tensor.InPlace;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.TensorEngine;
import org.atelier.worker.tensor.TrainedParameters;
import org.atelier.worker.tensor.optim.Adam;

/**
 * Pivotal tuning (Roich et al. 2021, section 3.2; PTI {@code training/coaches/single_id_coach.py}): the latent stays, and
 * the synthesis network learns to draw the target there. Its locality regularisation, which the published settings leave
 * off, is not offered. The pose of a StyleGAN3 ({@code synthesis.input}) does not train, as in stylegan3-editing.
 */
final class PivotalTuning implements Stage {
    private static final String SYNTHESIS = "synthesis.";
    private static final String POSE = "synthesis.input.";
    private static final List<String> TRAINED = List.of(".weight", ".bias", ".noise_strength", ".const");
    private static final String PIVOT = "pivot";
    private static final String PARAMETER = "parameter/";

    private final Tuning tuning;
    private final BundleNetworks networks;
    private final TensorEngine engine;
    private final PictureDistance distance;
    private final NDManager manager;
    private final NDArray pivot;
    private final Generator generator;
    private final TrainedParameters parameters;
    private final Adam adam;
    private int stepsDone;
    private boolean closeEnough;

    /**
     * Prepares the tuning of a second generator.
     *
     * @param networks stay the caller's
     * @param latent   the pivot, w+ [1, L, C]
     */
    PivotalTuning(Tuning tuning, BundleNetworks networks, PictureDistance distance, NDArray latent, NDManager parent) {
        this.tuning = tuning;
        this.networks = networks;
        this.engine = networks.engine();
        this.distance = distance;
        this.manager = parent.newSubManager();
        this.pivot = Scope.computeFor(manager, latent::duplicate);
        this.generator = Scope.outside(networks::newGenerator);
        var trained = new LinkedHashMap<String, NDArray>();
        generator.parameters().forEach((name, array) -> {
            if (name.startsWith(SYNTHESIS) && !name.startsWith(POSE) && TRAINED.stream().anyMatch(name::endsWith)) {
                trained.put(name, array);
            }
        });
        this.parameters = new TrainedParameters(trained);
        this.adam = new Adam(trained, Adam.Settings.DEFAULT);
    }

    @Override
    public Generator generator() {
        return generator;
    }

    @Override
    public int steps() {
        return tuning.steps();
    }

    @Override
    public int stepsDone() {
        return stepsDone;
    }

    @Override
    public boolean isDone() {
        return closeEnough || Stage.super.isDone();
    }

    @Override
    public InversionLoss step(int number) {
        var loss = Scope.call(() -> {
            Map<String, NDArray> gradients;
            InversionLoss measured;
            try (var tape = engine.record()) {
                var picture = generator.render(pivot, Noise.STORED);
                var lpips = distance.lpips(picture);
                var l2 = distance.l2(picture);
                var total = Scalars.mul(lpips, tuning.perceptualLambda()).add(Scalars.mul(l2, tuning.l2Lambda()));
                closeEnough = lpips.getFloat() <= tuning.stopAt();
                measured = new InversionLoss(number, total.getFloat(), lpips.getFloat(), l2.getFloat(), 0, closeEnough
                        ? 0
                        : tuning.learningRate());
                tape.backward(total);
                gradients = parameters.takeGradients();
            }
            if (!closeEnough) {
                parameters.change(() -> adam.step(gradients, tuning.learningRate()));
            }
            return measured;
        });
        stepsDone++;
        return loss;
    }

    @Override
    public NDArray latent() {
        return Scope.compute(pivot::duplicate);
    }

    @Override
    public NDArray picture() {
        return Scope.compute(() -> generator.render(pivot, Noise.STORED).stopGradient().duplicate());
    }

    /** What the tuned generator differs by, as a file. */
    byte[] delta() {
        return GeneratorDelta.differences(networks.card().reference(), parameters.arrays(), networks.generator()
                .parameters(), Map.of("method", "pti"));
    }

    @Override
    public Map<String, NDArray> state() {
        var state = new LinkedHashMap<String, NDArray>();
        state.put(PIVOT, pivot);
        parameters.arrays().forEach((name, array) -> state.put(PARAMETER + name, array));
        adam.state().forEach((name, array) -> state.put(OPTIMIZER + name, array));
        return state;
    }

    @Override
    public void restore(int done, Map<String, NDArray> state) {
        InPlace.assign(pivot, Stage.of(PIVOT, state));
        parameters.arrays().keySet().forEach(name -> parameters.set(name, Stage.of(PARAMETER + name, state)));
        adam.restore(Stage.optimizer(state));
        stepsDone = done;
    }

    /** Says that the step which a restored state was written after was the last. */
    void end() {
        closeEnough = true;
    }

    @Override
    public void close() {
        parameters.close();
        adam.close();
        generator.close();
        manager.close();
    }
}
