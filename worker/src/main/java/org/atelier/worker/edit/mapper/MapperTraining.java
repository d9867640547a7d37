package org.atelier.worker.edit.mapper;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.MapperApplyRequest;
import org.atelier.common.job.MapperTrainRequest;
import org.atelier.common.job.MapperTrainRequest.Plateau.Watched;
import org.atelier.common.json.Json;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.edit.Edit;
import org.atelier.worker.edit.Inputs;
import org.atelier.worker.edit.Previews;
import org.atelier.worker.edit.Product;
import org.atelier.worker.edit.SteppedEdit;
import org.atelier.worker.edit.picture.LossChart;
import org.atelier.worker.edit.picture.Sheet;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.mapper.Mapper;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.TrainedParameters;
import org.atelier.worker.tensor.optim.Adam;
import org.atelier.worker.tensor.optim.Optimizer;
import org.atelier.worker.tensor.optim.PlateauRate;
import org.atelier.worker.tensor.optim.Ranger;
import org.jspecify.annotations.Nullable;

/**
 * Training of a latent mapper for one text (Patashnik et al. 2021, section 5; StyleCLIP's
 * {@code mapper/training/coach.py}), one step at a time.
 *
 * <p>The state is the mapper, the optimiser's moments, the best mapper so far and all losses so far. The batch of a step
 * and the learning rate follow from the request and the losses. A run that is restored ends in the same bytes as one that
 * was never interrupted.
 */
public final class MapperTraining extends SteppedEdit<Edit.Step> implements Edit.State {
    /** Faces of previews. */
    private static final int PREVIEW_FACES = 4;
    /** Faces of the sheet that shows the result. */
    private static final int SHEET_FACES = 8;

    private final MapperTrainRequest request;
    private final BundleNetworks networks;
    private final Generator generator;
    private final Mapper mapper;
    private final LatentBatches batches;
    private final int steps;
    private final NDManager manager;
    private final MapperObjective objective;
    private final TrainedParameters parameters;
    private final Optimizer optimizer;
    private final BestWeights best;
    private final List<MapperLossRow> losses = new ArrayList<>();
    private final List<MapperLossRow> validations = new ArrayList<>();
    private Optional<PlateauRate> plateau;

    /**
     * Prepares the training of a new mapper.
     *
     * @param networks stay the caller's
     * @param inputs   where the latents are that the request names
     * @throws JobException INVALID_REQUEST if the bundle lacks a network that the request needs, a text is too long, or
     *                      nothing is left to move or to train on; INPUT_UNREADABLE if a latent cannot be read
     */
    public static MapperTraining of(MapperTrainRequest request, BundleNetworks networks, Inputs inputs) {
        var generator = networks.generator();
        var levels = TrainedMapper.levels(networks);
        var batches = TrainingLatents.of(request, networks, inputs);
        try {
            return new MapperTraining(request, networks, Mapper.load(levels, NewMapper.of(request, generator,
                    levels), networks.engine()), batches);
        } catch (RuntimeException e) {
            batches.close();
            throw e;
        }
    }

    /**
     * Prepares the training.
     *
     * @param networks stay the caller's
     * @param mapper   whose weights are trained, in place; closed with this
     * @param batches  closed with this
     * @throws JobException INVALID_REQUEST if the bundle lacks a network that the request needs, or a text is too long
     */
    public MapperTraining(MapperTrainRequest request, BundleNetworks networks, Mapper mapper, LatentBatches batches) {
        this.request = request;
        this.networks = networks;
        this.generator = networks.generator();
        this.mapper = mapper;
        this.batches = batches;
        this.manager = networks.engine().newManager();
        try {
            this.steps = steps(request, batches.stepsPerEpoch());
            this.objective = new MapperObjective(request, networks, manager);
        } catch (RuntimeException e) {
            manager.close();
            mapper.close();
            throw e;
        }
        this.optimizer = optimizer(request.optimizer(), mapper.parameters());
        this.best = new BestWeights(mapper.parameters(), manager);
        this.plateau = plateau();
        this.parameters = new TrainedParameters(mapper.parameters());
    }

    private static Optimizer optimizer(MapperTrainRequest.Optimizer kind, Map<String, NDArray> parameters) {
        return switch (kind) {
            case RANGER -> new Ranger(parameters, Ranger.Settings.DEFAULT);
            case ADAMW -> new Adam(parameters, Adam.Settings.ADAMW);
            case ADAM -> new Adam(parameters, Adam.Settings.DEFAULT);
        };
    }

    private Optional<PlateauRate> plateau() {
        return Optional.ofNullable(request.plateau()).map(settings -> new PlateauRate(request.learningRate(),
                PlateauRate.Settings.of(settings.factor(), settings.patience())));
    }

    private static int steps(MapperTrainRequest request, int stepsPerEpoch) {
        var epochs = request.epochs();
        if (epochs == null) {
            return Optional.ofNullable(request.steps()).orElse(MapperTrainRequest.STEPS);
        }
        long steps = (long) epochs * stepsPerEpoch;
        if (steps > MapperTrainRequest.MAX_STEPS) {
            throw new JobException(ErrorCategory.INVALID_REQUEST, epochs + " epochs of " + stepsPerEpoch
                    + " batches are " + steps + " steps; at most " + MapperTrainRequest.MAX_STEPS
                    + " are one job. Ask for fewer epochs, or for larger batches.");
        }
        return (int) steps;
    }

    @Override
    public int steps() {
        return steps;
    }

    @Override
    public int stepsDone() {
        return losses.size();
    }

    /** The losses of all steps so far. */
    public List<MapperLossRow> losses() {
        return Collections.unmodifiableList(losses);
    }

    /** The losses of all validations so far. */
    public List<MapperLossRow> validations() {
        return Collections.unmodifiableList(validations);
    }

    /**
     * Makes the next step, and validates where one is due after it.
     *
     * @return its losses, measured before its update
     * @throws JobException          DIVERGED if a loss or a gradient is no longer finite
     */
    @Override
    protected Step next() {
        var row = Scope.call(() -> {
            var wPlus = batches.at(stepsDone(), manager);
            var unedited = objective.unedited(wPlus);
            MapperLossRow measured;
            Map<String, NDArray> gradients;
            try (var tape = networks.engine().record()) {
                var terms = objective.evaluate(mapper, wPlus, unedited);
                tape.backward(terms.total());
                measured = terms.row(stepsDone(), learningRate());
                gradients = parameters.takeGradients();
            }
            requireFinite(measured, gradients);
            parameters.change(() -> optimizer.step(gradients, measured.learningRate()));
            return measured;
        });
        losses.add(row);
        validateIfDue();
        observe(stepsDone());
        return new Made(row, validations.isEmpty() ? null : validations.getLast());
    }

    /**
     * A step that was made.
     *
     * @param row        its losses
     * @param validation the newest; null: none yet
     */
    private record Made(MapperLossRow row, @Nullable MapperLossRow validation) implements Step {
        @Override
        public Map<String, Double> losses() {
            var losses = new TreeMap<>(row.losses());
            Optional.ofNullable(validation).ifPresent(newest -> losses.put("validation", newest.total()));
            return losses;
        }
    }

    private double learningRate() {
        return plateau.map(PlateauRate::rate).orElse(request.learningRate());
    }

    private void requireFinite(MapperLossRow row, Map<String, NDArray> gradients) {
        boolean finite = row.isFinite() && gradients.values().stream().allMatch(gradient -> Float.isFinite(gradient
                .sum().getFloat()));
        if (!finite) {
            throw new JobException(ErrorCategory.DIVERGED, "The training of the mapper diverged at step " + row.step()
                    + " (loss " + row.total() + "). Try a lower learning rate (it is " + row.learningRate()
                    + "), a lower factor or smaller weights of the losses.");
        }
    }

    private void validateIfDue() {
        if (batches.heldBack().isPresent() && (stepsDone() % request.validation().every() == 0 || isDone())) {
            var row = validate(batches.heldBack().get());
            boolean better = validations.stream().noneMatch(earlier -> earlier.total() <= row.total());
            validations.add(row);
            if (better) {
                best.take();
            }
        }
    }

    private MapperLossRow validate(NDArray heldBack) {
        int count = Math.toIntExact(heldBack.getShape().get(0));
        var sums = new double[6];
        for (int from = 0; from < count; from += request.batch()) {
            int first = from;
            int last = Math.min(count, from + request.batch());
            Scope.run(() -> {
                var wPlus = heldBack.get(first + ":" + last);
                var row = objective.evaluate(mapper, wPlus, objective.unedited(wPlus)).row(stepsDone(), 0);
                double[] terms = {row.total(), row.clip(), row.directional(), row.l2(), row.identity(), row.norm()};
                for (int i = 0; i < terms.length; i++) {
                    sums[i] += terms[i] * (last - first) / count;
                }
            });
        }
        return new MapperLossRow(stepsDone(), sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], learningRate());
    }

    /** Lets the learning rate follow the losses of the first so many steps, the last of which it has not seen yet. */
    private void observe(int steps) {
        if (plateau.isEmpty() || request.plateau() == null) {
            return;
        }
        if (request.plateau().watch() == Watched.TRAINING) {
            int epoch = batches.stepsPerEpoch();
            if (steps % epoch == 0) {
                plateau.get().observe(losses.subList(steps - epoch, steps).stream().mapToDouble(MapperLossRow::total)
                        .average().orElseThrow());
            }
        } else {
            validations.stream().filter(row -> row.step() == steps).forEach(row -> plateau.get().observe(row.total()));
        }
    }

    @Override
    public Optional<Product> preview() {
        return new Previews(request.previewEvery()).after(stepsDone(), () -> preview(facesBeforeAndAfter(
                PREVIEW_FACES)));
    }

    private static Picture preview(List<List<Picture>> rows) {
        return Picture.grid(rows.stream().flatMap(List::stream).toList(), rows.getFirst().size());
    }

    /** Two rows: faces, and what the mapper makes of each as it is now. */
    private List<List<Picture>> facesBeforeAndAfter(int most) {
        return Scope.call(() -> {
            var some = faces(most);
            return List.of(Picture.of(generator.render(some, Noise.STORED)), Picture.of(generator.render(move(some)
                    .styles(), Noise.STORED, Tap.NONE)));
        });
    }

    /** The losses that have a weight, step by step, and from each validation on what it came to. */
    private List<Map<String, Double>> curves() {
        var unweighted = Stream.of(Map.entry("clip", request.clipLambda()), Map.entry("directional", request
                .directionalLambda()), Map.entry("l2", request.l2Lambda()), Map.entry("identity", request.idLambda()),
                Map.entry("norm", request.normLambda())).filter(term -> term.getValue() == 0).map(Map.Entry::getKey)
                .toList();
        var curves = new ArrayList<Map<String, Double>>();
        for (var row : losses) {
            var step = new TreeMap<>(row.losses());
            step.keySet().removeAll(unweighted);
            validations.stream().filter(validation -> validation.step() <= row.step() + 1).reduce((earlier,
                    later) -> later).ifPresent(newest -> step.put("validation", newest.total()));
            curves.add(step);
        }
        return curves;
    }

    private MapperMove move(NDArray wPlus) {
        return MapperMove.of(mapper, generator, wPlus, new MapperMove.Reach(request.factor(), request.maxDelta(), 1));
    }

    /** Some that are held back, or, where none are, the first that were trained on. */
    private NDArray faces(int most) {
        if (batches.heldBack().isPresent()) {
            return batches.heldBack().get().get(":" + most);
        }
        var first = new NDList();
        for (int step = 0; step < Math.min(steps(), Math.ceilDiv(most, request.batch())); step++) {
            first.add(batches.at(step, manager));
        }
        return (first.size() == 1 ? first.getFirst() : NDArrays.concat(first, 0)).get(":" + most);
    }

    /** The best mapper, what it does to some faces, and all losses. */
    @Override
    protected List<Product> products() {
        parameters.change(best::putBack);
        var card = card();
        var products = new ArrayList<>(List.of(
                new Product(MapperApplyRequest.MAPPER, Artifact.SAFETENSORS, SafetensorsWriter.bytes(new TreeMap<>(
                        mapper.parameters()), card.metadata())),
                new Product("card.json", Artifact.JSON, Json.bytes(card)),
                new Product("faces.png", Artifact.PNG, new Sheet(request.prompt(), List.of(), List.of("before",
                        "after"),
                        facesBeforeAndAfter(SHEET_FACES)).draw().png()),
                new Product("losses.json", Artifact.JSON, Json.bytes(losses)),
                new Product("losses.png", Artifact.PNG, LossChart.of(request.prompt(), curves()).draw().png())));
        if (!validations.isEmpty()) {
            products.add(new Product("validations.json", Artifact.JSON, Json.bytes(validations)));
        }
        return products;
    }

    private MapperCard card() {
        var levels = TrainedMapper.levels(networks);
        var chosen = validations.stream().min((a, b) -> Double.compare(a.total(), b.total()));
        return new MapperCard(MapperCard.VERSION, networks.card().reference(), request.prompt(), request.neutral(), Json
                .tree(request.kind()).asText(), request.factor(), request.maxDelta(), generator.rows(), levels.medium(),
                levels.fine(), chosen.map(MapperLossRow::step).orElse(stepsDone()), chosen.map(MapperLossRow::total)
                        .orElse(null));
    }

    @Override
    public Optional<State> state() {
        return Optional.of(this);
    }

    @Override
    public void save(Path file) throws IOException {
        stored().save(file, losses, validations, best.copies());
    }

    @Override
    public void restore(Path file) {
        var rows = stored().restore(file, best);
        losses.clear();
        losses.addAll(rows.losses());
        validations.clear();
        validations.addAll(rows.validations());
        plateau = plateau();
        for (int step = 1; step <= stepsDone(); step++) {
            observe(step);
        }
    }

    private MapperState stored() {
        return new MapperState(networks.card().reference(), parameters, optimizer, manager);
    }

    @Override
    public void close() {
        parameters.close();
        optimizer.close();
        objective.close();
        mapper.close();
        batches.close();
        manager.close();
    }
}
