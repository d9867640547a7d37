package org.atelier.worker.edit.boundary;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.BoundaryTrainRequest;
import org.atelier.common.job.BoundaryTrainRequest.Labels;
import org.atelier.common.job.BoundaryTrainRequest.Space;
import org.atelier.common.json.Json;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.edit.Edit;
import org.atelier.worker.edit.Inputs;
import org.atelier.worker.edit.Product;
import org.atelier.worker.edit.SteppedEdit;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.HostNumbers;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.RandomState;
import org.atelier.worker.tensor.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Finds a boundary: scores sampled latents, some a step, and in the last step trains the support vector machine on both
 * ends.
 *
 * <p>The state is the scores so far, and whether the last step was made; what it found is found again. A run that is restored ends in the same bytes as one that was never interrupted.
 */
public final class BoundaryTraining extends SteppedEdit<Edit.Step> implements Edit.State {
    /** Latents that are scored in a step, about. */
    private static final int LATENTS = 128;
    /** Latents that are mapped together; it does not show in the result. */
    private static final int MAPPED = 1_000;
    /** Pictures of each end that are shown. */
    private static final int SHOWN = 8;

    private static final String SCORES = "scores";
    private static final String STEPS = "steps";

    private final BoundaryTrainRequest request;
    private final BundleNetworks networks;
    private final Inputs inputs;
    private final Generator generator;
    private final NDManager manager;
    private final @Nullable PromptScore score;
    private final List<double[]> conditions;
    private final int scored;
    private final float[] scores;
    private int known;
    private RandomState random;
    private @Nullable Result result;

    /** What the last step found. */
    private record Result(Boundary boundary, ScoredLatents latents, Map<String, Object> account) {}

    /**
     * Prepares the job.
     *
     * @param networks stay the caller's
     * @param inputs   where conditions and given scores are
     * @throws JobException INVALID_REQUEST if the bundle has no CLIP and texts must be compared, INPUT_UNREADABLE if a
     *                      file cannot be read
     */
    public BoundaryTraining(BoundaryTrainRequest request, BundleNetworks networks, Inputs inputs) {
        this.request = request;
        this.networks = networks;
        this.inputs = inputs;
        this.generator = networks.generator();
        this.random = new RandomState(request.seed());
        this.manager = networks.engine().newManager();
        try {
            this.conditions = BoundaryFiles.normals(request.conditions(), inZ(), networks, inputs, manager);
            this.score = request.labels() instanceof Labels.Prompts prompts
                    ? new PromptScore(networks, prompts, manager)
                    : null;
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
        this.scored = score == null ? 0 : request.samples();
        this.scores = new float[scored];
    }

    private int scoredPerStep() {
        return scoredPerStep(request.batch());
    }

    /**
     * How many latents a step scores.
     *
     * @param batch latents that are drawn together
     */
    public static int scoredPerStep(int batch) {
        return Math.max(batch, LATENTS / batch * batch);
    }

    private int scoreSteps() {
        return Math.ceilDiv(scored, scoredPerStep());
    }

    @Override
    public int steps() {
        return scoreSteps() + 1;
    }

    @Override
    public int stepsDone() {
        return result == null ? Math.ceilDiv(known, scoredPerStep()) : steps();
    }

    /**
     * What a step came to.
     *
     * @param losses the accuracies, after the last step
     */
    private record Done(Map<String, Double> losses) implements Step {}

    @Override
    protected Step next() {
        if (known < scored) {
            int end = Math.min(scored, known + scoredPerStep());
            while (known < end) {
                int count = Math.min(request.batch(), end - known);
                var values = Scope.call(() -> score().of(generator.render(wPlus(latents(random, count)),
                        Noise.STORED)));
                System.arraycopy(values, 0, scores, known, count);
                known += count;
            }
            return new Done(Map.of());
        }
        result = train();
        return new Done(Map.of("train_error", 1 - (double) result.account.get("train_accuracy")));
    }

    private PromptScore score() {
        if (score == null) {
            throw new IllegalStateException("scores are given");
        }
        return score;
    }

    /** The next ones, in the boundary's space. */
    private NDArray latents(RandomState from, int count) {
        var z = HostArrays.of(manager, from.randnFloat(count * generator.zSize()), new Shape(count, generator.zSize()));
        return inZ() ? z : generator.map(z);
    }

    private boolean inZ() {
        return request.space() == Space.Z;
    }

    /** Numbers of a latent in the boundary's space. */
    private int width() {
        return inZ() ? generator.zSize() : generator.wSize();
    }

    /** From the boundary's space. */
    private NDArray wPlus(NDArray latents) {
        return generator.truncate(inZ() ? generator.map(latents) : latents, 1, 0);
    }

    private Result train() {
        var latents = latents();
        var ends = latents.ends(request.chosen(), request.trainShare(), request.split(), request.seed());
        var svm = LinearSvm.train(ends.trainPositive(), ends.trainNegative(), request.c());
        try {
            var boundary = Boundary.of(svm, origin()).conditionedOn(conditions);
            var account = new LinkedHashMap<String, Object>();
            account.put("samples", latents.scores().length);
            account.put("chosen_of_each_end", latents.chosen(request.chosen()));
            account.put("train_accuracy", accuracy(svm, ends.trainPositive(), ends.trainNegative()));
            if (!ends.validatePositive().isEmpty()) {
                account.put("validation_accuracy", accuracy(svm, ends.validatePositive(), ends.validateNegative()));
            }
            account.put("support_vectors", svm.supportVectors());
            account.put("bounded_support_vectors", svm.bounded());
            account.put("largest_score", Arrays.stream(latents.scores()).max().orElseThrow());
            account.put("smallest_score", Arrays.stream(latents.scores()).min().orElseThrow());
            account.put("conditions", conditions.size());
            return new Result(boundary, latents, account);
        } catch (IllegalArgumentException e) {
            throw new JobException(ErrorCategory.INVALID_REQUEST, String.valueOf(e.getMessage()), e);
        }
    }

    private static double accuracy(LinearSvm svm, List<double[]> positive, List<double[]> negative) {
        long right = positive.stream().filter(x -> svm.decide(x) > 0).count() + negative.stream()
                .filter(x -> svm.decide(x) < 0)
                .count();
        return (double) right / (positive.size() + negative.size());
    }

    private ScoredLatents latents() {
        return switch (request.labels()) {
            case Labels.Prompts prompts -> new ScoredLatents(sampled(), HostNumbers.doubles(scores));
            case Labels.Scores given -> new ScoredLatents(sampled(), given.scores().stream().mapToDouble(
                    Double::doubleValue).toArray());
            case Labels.File file -> given(file);
        };
    }

    private List<double[]> sampled() {
        var from = new RandomState(request.seed());
        var all = new ArrayList<double[]>();
        while (all.size() < request.samples()) {
            int count = Math.min(MAPPED, request.samples() - all.size());
            all.addAll(DoubleTensors.rows(Scope.call(() -> latents(from, count).toFloatArray()), width()));
        }
        return all;
    }

    private ScoredLatents given(Labels.File labels) {
        try (var file = SafetensorsFile.of("The file of labels", inputs.read(labels.file(), "labels.safetensors"))) {
            var names = file.names();
            var tensor = Json.tree(request.space()).asText();
            boolean fits = names.contains(tensor) && names.contains(SCORES) && file.shape(tensor).dimension() == 2
                    && file.shape(tensor).get(1) == width() && file.shape(SCORES).size() == file.shape(tensor).get(0)
                    && file.shape(SCORES).size() >= 4;
            if (!fits) {
                throw new JobException(ErrorCategory.INPUT_UNREADABLE, "The file of labels must have " + tensor
                        + " [N, "
                        + width() + "] and scores [N] with N of 4 or more; it has " + names + ".");
            }
            return new ScoredLatents(DoubleTensors.rows(DoubleTensors.read(file, tensor, manager), width()),
                    DoubleTensors.read(file, SCORES, manager));
        } catch (RefusedFileException e) {
            throw new JobException(ErrorCategory.INPUT_UNREADABLE, "The file of labels cannot be read: " + e
                    .getMessage(), e);
        }
    }

    private Map<String, String> origin() {
        var origin = new TreeMap<String, String>();
        origin.put(Boundary.BUNDLE, networks.card().reference());
        origin.put(Boundary.SPACE, Json.tree(request.space()).asText());
        if (request.labels() instanceof Labels.Prompts prompts) {
            origin.put("positive", prompts.positive());
            origin.put("negative", prompts.negative());
        }
        origin.put("conditions", Integer.toString(conditions.size()));
        return origin;
    }

    @Override
    protected List<Product> products() {
        var found = Objects.requireNonNull(result, "found by the last step");
        return List.of(
                new Product(BoundaryTrainRequest.BOUNDARY, Artifact.SAFETENSORS, found.boundary.file(manager)),
                new Product("boundary.json", Artifact.JSON, Json.bytes(found.account)),
                new Product("extremes.png", Artifact.PNG, extremes(found.latents).png()));
    }

    /** The highest scores above the lowest: whether they were given for what was meant is seen at a glance. */
    private Picture extremes(ScoredLatents latents) {
        var order = latents.order();
        int shown = Math.min(SHOWN, latents.chosen(request.chosen()));
        var pictures = new ArrayList<Picture>();
        for (int i = 0; i < shown; i++) {
            pictures.add(draw(latents.latents().get(order[i])));
        }
        for (int i = 0; i < shown; i++) {
            pictures.add(draw(latents.latents().get(order[order.length - 1 - i])));
        }
        return Picture.grid(pictures, shown);
    }

    private Picture draw(double[] latent) {
        return Scope.call(() -> Picture.of(generator.render(wPlus(HostArrays.of(manager, HostNumbers.floats(latent),
                new Shape(1, latent.length))), Noise.STORED)).getFirst());
    }

    @Override
    public Optional<State> state() {
        return Optional.of(this);
    }

    @Override
    public Map<String, NDArray> tensors() {
        return Map.of(SCORES, HostArrays.of(manager, Arrays.copyOf(scores, known), new Shape(known)), STEPS, HostArrays
                .of(manager, new long[]{stepsDone()}, new Shape(1)));
    }

    @Override
    public void restore(SafetensorsFile stored) {
        var values = Scope.call(() -> stored.readAsStored(SCORES, manager).toFloatArray());
        System.arraycopy(values, 0, scores, 0, values.length);
        known = values.length;
        random = new RandomState(request.seed());
        for (int i = 0; i < known; i++) {
            random.randnFloat(generator.zSize());
        }
        if (Scope.call(() -> stored.readAsStored(STEPS, manager).getLong()) == steps()) {
            result = train();
        }
    }

    @Override
    public void close() {
        if (score != null) {
            score.close();
        }
        manager.close();
    }
}
