package org.atelier.worker.edit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.Reduction;
import org.atelier.common.json.Json;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.mapper.Mapper;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.TrainedParameters;
import org.atelier.worker.tensor.optim.Adam;
import org.atelier.worker.tensor.optim.LearningRate;
import org.atelier.worker.tensor.optim.Optimizer;
import org.atelier.worker.tensor.optim.Ranger;

/**
 * Training of a latent mapper for one text (Patashnik et al. 2021, section 5; StyleCLIP's
 * {@code mapper/training/coach.py}), one step at a time. A step minimises {@code clip_lambda * (1 - cos(picture, text)) +
 * l2_lambda * L2(w', w) + id_lambda * (1 - <R(picture0), R(picture)>)} over a batch, where w' is w moved by the mapper.
 *
 * <p>The state is the mapper, the optimiser's moments and the losses so far; what the batches are follows from the step. A
 * run that is restored ends in the same bytes as one that was never interrupted.
 */
public final class MapperTraining implements Edit, Edit.State {
    private static final String OPTIMIZER = "optimizer/";
    private static final String PARAMETER = "parameter/";
    private static final String BUNDLE = "bundle";

    private final Settings settings;
    private final BundleNetworks networks;
    private final Generator generator;
    private final Mapper mapper;
    private final LatentBatches batches;
    private final NDManager manager;
    private final PromptLoss prompt;
    private final Optional<FaceDistance> identity;
    private final TrainedParameters parameters;
    private final Optimizer optimizer;
    private final List<LossRow> losses = new ArrayList<>();

    /** What changes the weights. */
    public enum Kind {
        /** StyleCLIP's. */
        RANGER(parameters -> new Ranger(parameters, Ranger.Settings.DEFAULT)),
        /** With PyTorch's defaults. */
        ADAM(parameters -> new Adam(parameters, Adam.Settings.DEFAULT));

        private final Function<Map<String, NDArray>, Optimizer> start;

        Kind(Function<Map<String, NDArray>, Optimizer> start) {
            this.start = start;
        }
    }

    /**
     * How to train.
     *
     * @param prompt       what the pictures should show
     * @param steps        optimisation steps
     * @param learningRate of each step
     * @param optimizer    what changes the weights
     * @param clipLambda   weight of the CLIP loss
     * @param l2Lambda     weight of the L2 loss
     * @param l2Reduction  what the L2 loss means; StyleCLIP's is the mean, of latents after the factor
     * @param idLambda     weight of the identity loss; above 0 it needs a bundle with an identity network
     * @param factor       that the mapper's output is multiplied by
     */
    public record Settings(
            String prompt,
            int steps,
            LearningRate learningRate,
            Kind optimizer,
            double clipLambda,
            double l2Lambda,
            Reduction l2Reduction,
            double idLambda,
            double factor) {
        /** {@code train_options.py --max_steps}. */
        public static final int STEPS = 50_000;
        /** {@code train_options.py --learning_rate}, for Ranger. */
        public static final double LEARNING_RATE = 0.5;
        /** {@code train_options.py --clip_lambda}. */
        public static final double CLIP_LAMBDA = 1;
        /** {@code train_options.py --latent_l2_lambda}, of a mean of squares. */
        public static final double L2_LAMBDA = 0.8;
        /** {@code train_options.py --id_lambda}. */
        public static final double ID_LAMBDA = 0.1;

        /** Those of StyleCLIP. */
        public static Settings published(String prompt) {
            return new Settings(prompt, STEPS, LearningRate.constant(LEARNING_RATE), Kind.RANGER, CLIP_LAMBDA,
                    L2_LAMBDA, Reduction.MEAN, ID_LAMBDA, Mapper.FACTOR);
        }
    }

    /**
     * Prepares the training.
     *
     * @param networks stay the caller's
     * @param mapper   whose weights are trained, in place; it stays the caller's, and nobody else may train it meanwhile
     * @throws JobException INVALID_REQUEST if the bundle lacks a network that the settings need, or the prompt is too long
     */
    public MapperTraining(Settings settings, BundleNetworks networks, Mapper mapper, LatentBatches batches) {
        this.settings = settings;
        this.networks = networks;
        this.generator = networks.generator();
        this.mapper = mapper;
        this.batches = batches;
        this.manager = networks.engine().newManager();
        try {
            this.prompt = new PromptLoss(networks.clip().orElseThrow(() -> lacks("a CLIP")), settings.prompt, generator
                    .resolution(), manager);
            this.identity = settings.idLambda > 0
                    ? Optional.of(new FaceDistance(networks.identity().orElseThrow(() -> lacks("an identity network")),
                            generator.resolution(), manager))
                    : Optional.empty();
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
        this.optimizer = settings.optimizer.start.apply(mapper.parameters());
        this.parameters = new TrainedParameters(mapper.parameters());
    }

    private JobException lacks(String network) {
        return new JobException(ErrorCategory.INVALID_REQUEST, "Training this mapper needs " + network
                + ", which the bundle " + networks.card().reference() + " does not have.");
    }

    @Override
    public int steps() {
        return settings.steps;
    }

    @Override
    public int stepsDone() {
        return losses.size();
    }

    /** The losses of all steps so far, averaged over their batches. */
    public List<LossRow> losses() {
        return Collections.unmodifiableList(losses);
    }

    /**
     * Makes the next step.
     *
     * @return its losses, measured before its update
     * @throws JobException          DIVERGED if a loss or a gradient is no longer finite
     * @throws IllegalStateException after the last step
     */
    @Override
    public LossRow step() {
        if (isDone()) {
            throw new IllegalStateException("all " + steps() + " steps are made");
        }
        return Scope.call(() -> {
            var wPlus = batches.at(stepsDone(), manager);
            var faces = identity.map(face -> face.embed(generator.render(wPlus, Noise.STORED)));
            LossRow row;
            Map<String, NDArray> gradients;
            try (var tape = networks.engine().record()) {
                var terms = evaluate(wPlus, faces);
                tape.backward(terms.total());
                row = terms.row(stepsDone(), settings.learningRate.at(stepsDone()));
                gradients = parameters.takeGradients();
            }
            requireFinite(row, gradients);
            parameters.change(() -> optimizer.step(gradients, row.learningRate()));
            losses.add(row);
            return row;
        });
    }

    private LossTerms evaluate(NDArray wPlus, Optional<NDArray> faces) {
        var moved = MapperStep.of(mapper, generator, wPlus, settings.factor, settings.l2Reduction);
        var image = generator.render(moved.styles(), Noise.STORED, Tap.NONE);
        return new LossTerms()
                .clip(prompt.of(image).mean(), settings.clipLambda)
                .l2(moved.distance(), settings.l2Lambda)
                .identity(faces.map(reference -> identity.orElseThrow().of(image, reference).mean()),
                        settings.idLambda);
    }

    private void requireFinite(LossRow row, Map<String, NDArray> gradients) {
        boolean finite = row.isFinite() && gradients.values().stream().allMatch(gradient -> Float.isFinite(gradient
                .sum().getFloat()));
        if (!finite) {
            throw new JobException(ErrorCategory.DIVERGED, "The training of the mapper diverged at step " + row.step()
                    + " (loss " + row.total() + "). Try a lower learning rate (it is " + row.learningRate()
                    + ") or smaller weights of the losses.");
        }
    }

    @Override
    public List<Product> finish() {
        if (!isDone()) {
            throw new IllegalStateException("only " + stepsDone() + " of " + steps() + " steps are made");
        }
        return List.of(
                new Product("mapper.safetensors", Artifact.SAFETENSORS, SafetensorsWriter.bytes(new TreeMap<>(mapper
                        .parameters()), Map.of(BUNDLE, networks.card().reference(), "prompt", settings.prompt, "factor",
                                Double.toString(settings.factor)))),
                new Product("losses.json", Artifact.JSON, Json.bytes(losses)));
    }

    @Override
    public Optional<State> state() {
        return Optional.of(this);
    }

    @Override
    public void save(Path file) throws IOException {
        var tensors = new TreeMap<String, NDArray>();
        parameters.arrays().forEach((name, array) -> tensors.put(PARAMETER + name, array));
        stateFile().save(file, tensors);
    }

    @Override
    public void restore(Path file) {
        stateFile().restore(file, stored -> parameters.arrays().keySet().forEach(name -> parameters.set(name, stored
                .read(PARAMETER + name, manager))));
    }

    private StateFile stateFile() {
        return new StateFile(networks.card().reference(), OPTIMIZER, optimizer, losses, manager);
    }

    @Override
    public void close() {
        parameters.close();
        optimizer.close();
        identity.ifPresent(FaceDistance::close);
        prompt.close();
        manager.close();
    }
}
