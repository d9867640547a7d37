package org.atelier.worker.edit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.Schedule;
import org.atelier.common.job.Source;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.optim.Adam;
import org.atelier.worker.tensor.optim.LearningRate;

/**
 * StyleCLIP's latent optimisation (Patashnik et al. 2021, section 4; its {@code optimization/run_optimization.py}), one
 * step at a time.
 *
 * <pre>
 * try (var optimization = new LatentOptimization(request, networks, inputs)) {
 *     while (!optimization.isDone()) {
 *         heartbeat(optimization.step());
 *     }
 *     store(optimization.finish());
 * }
 * </pre>
 *
 * The state is the latent, Adam's moments and the losses so far; what follows from the request (start, text, noise) is
 * computed anew. A run that is restored ends in the same bytes as one that was never interrupted.
 */
public final class LatentOptimization extends SteppedEdit<LossRow> implements Edit.State {
    private static final String OPTIMIZER = "adam/";
    private static final String LOSSES = "losses";

    private final OptimizeRequest request;
    private final BundleNetworks networks;
    private final Generator generator;
    private final NDManager manager;
    private final Noise noise;
    private final Placed placed;
    private final NDArray startImage;
    private final Picture before;
    private final EditObjective objective;
    private final LearningRate learningRate;
    private final EditedLatent latent;
    private final Adam adam;
    private final List<LossRow> losses = new ArrayList<>();
    private NDArray image;

    /**
     * Prepares the job: finds the start, draws it, and computes what does not change.
     *
     * @param networks stay the caller's
     * @param inputs   where stored latents are
     * @throws JobException INVALID_REQUEST if the bundle lacks a network that the request needs or the prompt is too long,
     *                      INPUT_UNREADABLE if the source cannot be read
     */
    public LatentOptimization(OptimizeRequest request, BundleNetworks networks, Inputs inputs) {
        this.request = request;
        this.networks = networks;
        this.generator = networks.generator();
        this.learningRate = learningRate(request);
        this.manager = networks.engine().newManager();
        try {
            this.noise = Noises.forEach(networks, request.noise(), inputs).next(request.source(), manager);
            var latents = new Latents(networks, inputs);
            this.placed = latents.placed(request.source());
            this.latent = EditedLatent.start(request, generator, latents, placed, manager);
            this.startImage = Scope.computeFor(manager, () -> render(latent.parameters()));
            this.before = shown(startImage);
            this.objective = new EditObjective(request, networks, startImage, manager);
            this.adam = new Adam(latent.parameters(), switch (request.optimizer()) {
                case ADAM -> Adam.Settings.DEFAULT;
                case ADAMW -> Adam.Settings.ADAMW_AMSGRAD;
            });
            this.image = startImage;
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    private static LearningRate learningRate(OptimizeRequest request) {
        double rate = request.learningRate();
        return switch (request.schedule()) {
            case Schedule.Ramp ramp -> LearningRate.ramp(rate, request.steps(), ramp.rampup(), ramp.rampdown());
            case Schedule.Step step -> LearningRate.steps(rate, step.every(), step.factor());
            case Schedule.Constant constant -> LearningRate.constant(rate);
        };
    }

    private NDArray render(Map<String, NDArray> parameters) {
        return generator.render(latent.styles(parameters), noise, Tap.NONE);
    }

    @Override
    public int steps() {
        return request.steps();
    }

    @Override
    public int stepsDone() {
        return losses.size();
    }

    /** The losses of all steps so far. */
    public List<LossRow> losses() {
        return Collections.unmodifiableList(losses);
    }

    /**
     * Makes the next step.
     *
     * @return its losses, measured before its update
     * @throws JobException          DIVERGED if a loss or the latent is no longer finite
     */
    @Override
    protected LossRow next() {
        return Scope.call(() -> {
            try (var tape = networks.engine().record()) {
                var leaves = new TreeMap<String, NDArray>();
                latent.parameters().forEach((name, parameter) -> leaves.put(name, tape.leaf(parameter)));
                var drawn = render(leaves);
                var terms = objective.evaluate(() -> latent.distance(leaves, request.l2Reduction()), drawn);
                tape.backward(terms.total());
                var row = terms.row(stepsDone(), learningRate.at(stepsDone()));
                show(Scope.computeFor(manager, drawn::stopGradient));
                var gradients = new TreeMap<String, NDArray>();
                leaves.forEach((name, leaf) -> gradients.put(name, leaf.getGradient()));
                update(gradients, row);
                losses.add(row);
                return row;
            }
        });
    }

    private void update(Map<String, NDArray> gradients, LossRow row) {
        if (!row.isFinite()) {
            throw diverged("The loss became " + row.total(), row.step());
        }
        adam.step(gradients, row.learningRate());
        if (!latent.parameters().values().stream().allMatch(values -> Float.isFinite(values.sum().getFloat()))) {
            throw diverged("The latent became infinite", row.step());
        }
    }

    private JobException diverged(String what, int step) {
        return new JobException(ErrorCategory.DIVERGED, what + " at step " + step
                + ". Try a lower learning rate (it is " + request.learningRate()
                + ") or smaller weights of the losses.");
    }

    private void show(NDArray drawn) {
        if (image != startImage) {
            image.close();
        }
        image = drawn;
    }

    /**
     * The picture that the last step judged; before the first step, the picture of the start. Of a photo that keeps its
     * place, which is not how steps judge it, the picture of the latent.
     */
    public Picture picture() {
        return shown(image);
    }

    private Picture shown(NDArray drawn) {
        return Scope.call(() -> Picture.of(placed.shown(drawn, () -> placed.draw(latent.styles(latent.parameters()),
                noise))).getFirst());
    }

    @Override
    public Optional<Product> preview() {
        return new Previews(request.previewEvery()).after(stepsDone(), this::picture);
    }

    @Override
    public Optional<State> state() {
        return Optional.of(this);
    }

    /**
     * What was made: the picture before and after, both beside each other, the latent, and the losses of all steps, as
     * numbers and as curves.
     *
     */
    @Override
    protected List<Product> products() {
        var after = Scope.call(() -> Picture.of(placed.draw(latent.styles(latent.parameters()), noise)).getFirst());
        return BeforeAndAfter.of(request.prompt(), before, after, latent.file(Source.Result.LATENT), losses);
    }

    @Override
    public Map<String, NDArray> tensors() {
        var tensors = new TreeMap<>(latent.parameters());
        adam.state().forEach((name, array) -> tensors.put(OPTIMIZER + name, array));
        tensors.put(LOSSES, HostArrays.of(manager, LossRow.pack(losses), new Shape(losses.size(), LossRow.NUMBERS)));
        return tensors;
    }

    @Override
    public void restore(SafetensorsFile stored) {
        Scope.run(() -> {
            adam.restore(stored.readUnder(OPTIMIZER, manager));
            var values = new TreeMap<String, NDArray>();
            latent.parameters().keySet().forEach(name -> values.put(name, stored.read(name, manager)));
            latent.assign(values);
            losses.clear();
            losses.addAll(LossRow.unpack(stored.readAsStored(LOSSES, manager).toDoubleArray()));
        });
        show(Scope.computeFor(manager, () -> render(latent.parameters())));
    }

    @Override
    public void close() {
        objective.close();
        adam.close();
        manager.close();
    }
}
