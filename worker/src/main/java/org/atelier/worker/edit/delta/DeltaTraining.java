package org.atelier.worker.edit.delta;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.DeltaTrainRequest;
import org.atelier.common.json.Json;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.edit.ClipView;
import org.atelier.worker.edit.Edit;
import org.atelier.worker.edit.Inputs;
import org.atelier.worker.edit.LossFiles;
import org.atelier.worker.edit.Product;
import org.atelier.worker.edit.SteppedEdit;
import org.atelier.worker.edit.picture.LossChart;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.delta.DeltaMapper;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.RandomState;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.TrainedParameters;
import org.atelier.worker.tensor.optim.Adam;
import org.atelier.worker.tensor.optim.LearningRate;

/**
 * Trains the delta mapper of a bundle: first it draws and looks at pictures, some a step, then it learns from pairs of them.
 * A run that is restored, in either part, ends in the same bytes as one that was never interrupted.
 */
public final class DeltaTraining extends SteppedEdit<Edit.Step> implements Edit.State {
    /** Pictures drawn in a step. */
    public static final int PICTURES = 16;
    /** Pairs of held-out samples that the result is measured with. */
    private static final int MEASURED_PAIRS = 2_048;
    private static final String PARAMETER = "mapper/";
    private static final String OPTIMIZER = "adam/";
    private static final String LOSSES = "losses";

    private final DeltaTrainRequest request;
    private final BundleNetworks networks;
    private final Generator generator;
    private final NDManager manager;
    private final ClipView clip;
    private final NDArray neutral;
    private final Samples samples;
    private final RandomState latents;
    private final LearningRate learningRate;
    private final List<Double> losses = new ArrayList<>();
    private Optional<Learner> learner = Optional.empty();

    /** A mapper in training. */
    private record Learner(DeltaMapper mapper, TrainedParameters parameters, Adam adam) implements AutoCloseable {
        static Learner of(DeltaMapper mapper, double weightDecay) {
            var defaults = Adam.Settings.DEFAULT;
            return new Learner(mapper, new TrainedParameters(mapper.trainable()), new Adam(mapper.trainable(),
                    new Adam.Settings(defaults.beta1(), defaults.beta2(), defaults.epsilon(), weightDecay, true,
                            false)));
        }

        @Override
        public void close() {
            parameters.close();
            adam.close();
            mapper.close();
        }
    }

    /** A step, with the loss that it started from; while pictures are drawn there is none. */
    private record Progress(Map<String, Double> losses) implements Step {}

    /**
     * Prepares the training.
     *
     * @param networks stay the caller's
     * @param inputs   not needed: this reads nothing but the bundle
     * @throws JobException INVALID_REQUEST if the bundle has no CLIP or a neutral text is too long
     */
    public DeltaTraining(DeltaTrainRequest request, BundleNetworks networks, Inputs inputs) {
        this.request = request;
        this.networks = networks;
        this.generator = networks.generator();
        this.latents = new RandomState(request.seed());
        this.learningRate = LearningRate.ramp(request.learningRate(), request.steps(), 0, 1);
        var parts = networks.clip().orElseThrow(() -> new JobException(ErrorCategory.INVALID_REQUEST,
                "A delta mapper learns what CLIP sees, and the bundle " + networks.card().reference() + " has none."));
        this.manager = networks.engine().newManager();
        try {
            this.clip = new ClipView(parts, generator.resolution(), manager);
            this.neutral = Scope.computeFor(manager, () -> NDArrays.concat(new NDList(request.neutral().stream().map(
                    clip::text).toList()), 0).mean(new int[]{0}));
            this.samples = new Samples(request.samples(), generator.wSize(), Math.toIntExact(neutral.size()));
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    private int drawingSteps() {
        return Math.ceilDiv(request.samples(), PICTURES);
    }

    @Override
    public int steps() {
        return drawingSteps() + request.steps();
    }

    @Override
    public int stepsDone() {
        return Math.ceilDiv(samples.count(), PICTURES) + losses.size();
    }

    @Override
    protected Step next() {
        if (!samples.areComplete()) {
            Scope.run(this::draw);
            return new Progress(Map.of());
        }
        var pupil = learner();
        double loss = Scope.call(() -> learn(pupil));
        losses.add(loss);
        return new Progress(Map.of("loss", loss));
    }

    private void draw() {
        int number = Math.min(PICTURES, request.samples() - samples.count());
        var z = HostArrays.of(manager, latents.randnFloat(number * generator.zSize()), new Shape(number, generator
                .zSize()));
        var w = generator.map(z);
        samples.add(w, ClipView.unit(clip.features(generator.render(generator.truncate(w, 1, 0), Noise.STORED))));
    }

    /** Not to be made while a scope is open, which would free its weights. */
    private Learner learner() {
        if (learner.isEmpty()) {
            var mean = samples.mean();
            learner = Optional.of(Learner.of(DeltaMapper.untrained(new DeltaMapper.Surroundings(mean, samples.deviation(
                    mean), neutral.toFloatArray(), request.embeddingScale()), request.hidden(), request.seed(), networks
                            .engine()), request.weightDecay()));
        }
        return learner.get();
    }

    private double learn(Learner pupil) {
        int step = losses.size();
        var pairs = samples.pairs(request.batch(), random(step), manager);
        double loss;
        Map<String, NDArray> gradients;
        try (var tape = networks.engine().record()) {
            var error = error(pupil.mapper, pairs);
            tape.backward(error);
            loss = error.getFloat();
            gradients = pupil.parameters.takeGradients();
        }
        if (!Double.isFinite(loss)) {
            throw new JobException(ErrorCategory.DIVERGED, "The training of the delta mapper diverged at step " + step
                    + ". Try a lower learning rate (it is " + request.learningRate() + ").");
        }
        pupil.parameters.change(() -> pupil.adam.step(gradients, learningRate.at(step)));
        return loss;
    }

    /** The pairs of a step. Its seed is itself a random number: generators with seeds in order give much alike numbers. */
    private SplittableRandom random(int step) {
        return new SplittableRandom(new SplittableRandom(request.seed() << Integer.SIZE | step).nextLong());
    }

    private static NDArray error(DeltaMapper mapper, Samples.Pairs pairs) {
        return mapper.standardized(pairs.w(), pairs.embedding(), pairs.direction())
                .sub(mapper.inDeviations(pairs.move()))
                .square()
                .mean();
    }

    /** Which share of the squared moves between held-out samples the mapper predicts: 1 is all, 0 nothing. */
    private double explained() {
        return Scope.call(() -> {
            var pairs = samples.heldOutPairs(MEASURED_PAIRS, new SplittableRandom(request.seed()), manager);
            var mapper = learner().mapper;
            var moves = mapper.inDeviations(pairs.move());
            return 1.0 - error(mapper, pairs).getFloat() / moves.square().mean().getFloat();
        });
    }

    @Override
    protected List<Product> products() {
        double explained = explained();
        var metadata = DeltaMapperFile.metadata(networks.card(), request, explained);
        var mapper = learner().mapper;
        var bytes = Scope.call(() -> {
            var tensors = new TreeMap<>(mapper.parameters());
            if (request.samples() >= Exchange.FEWEST_SAMPLES) {
                tensors.putAll(samples.bank(request.seed(), manager).tensors());
            }
            return SafetensorsWriter.bytes(tensors, metadata);
        });
        var products = new ArrayList<>(List.of(
                new Product(DeltaMapperFile.NAME, Artifact.SAFETENSORS, bytes),
                new Product("card.json", Artifact.JSON, Json.bytes(metadata))));
        products.addAll(LossFiles.of("delta mapper", losses, losses.stream().map(loss -> Map.of(LossChart.TOTAL, loss))
                .toList()));
        return products;
    }

    @Override
    public Optional<State> state() {
        return Optional.of(this);
    }

    @Override
    public Map<String, NDArray> tensors() {
        var tensors = new TreeMap<String, NDArray>();
        samples.save(tensors, manager);
        tensors.put(LOSSES, HostArrays.of(manager, losses.stream().mapToDouble(Double::doubleValue).toArray(),
                new Shape(
                        losses.size())));
        if (!losses.isEmpty()) {
            learner().parameters.arrays().forEach((name, array) -> tensors.put(PARAMETER + name, array));
            learner().adam.state().forEach((name, array) -> tensors.put(OPTIMIZER + name, array));
        }
        return tensors;
    }

    @Override
    public void restore(SafetensorsFile stored) {
        Scope.run(() -> {
            samples.restore(stored, manager);
            losses.clear();
            Arrays.stream(stored.readAsStored(LOSSES, manager).toDoubleArray()).forEach(losses::add);
        });
        latents.randnFloat(samples.count() * generator.zSize());
        if (!losses.isEmpty()) {
            var pupil = learner();
            Scope.run(() -> restore(pupil, stored));
        }
    }

    private void restore(Learner pupil, SafetensorsFile stored) {
        pupil.parameters.arrays().keySet().forEach(name -> pupil.parameters.set(name, stored.read(PARAMETER + name,
                manager)));
        pupil.adam.restore(stored.readUnder(OPTIMIZER, manager));
    }

    @Override
    public void close() {
        learner.ifPresent(Learner::close);
        clip.close();
        manager.close();
    }
}
