package org.atelier.worker.edit.mapper;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.MapperApplyRequest;
import org.atelier.common.job.MapperTrainRequest;
import org.atelier.common.json.Json;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.edit.Edit;
import org.atelier.worker.edit.Inputs;
import org.atelier.worker.edit.LossFiles;
import org.atelier.worker.edit.Previews;
import org.atelier.worker.edit.Product;
import org.atelier.worker.edit.SteppedEdit;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.mapper.Mapper;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.TrainedParameters;
import org.atelier.worker.tensor.optim.Adam;
import org.atelier.worker.tensor.optim.Optimizer;
import org.atelier.worker.tensor.optim.Ranger;

/**
 * Training of a latent mapper for one text (Patashnik et al. 2021, section 5; StyleCLIP's
 * {@code mapper/training/coach.py}), one step at a time.
 *
 * <p>The state is the mapper, the optimiser's moments, the best mapper so far and all losses so far. The batch of a step
 * and the learning rate follow from the request and the losses. A run that is restored ends in the same bytes as one that
 * was never interrupted.
 */
public final class MapperTraining extends SteppedEdit<Edit.Step> implements Edit.State {
    private static final String OPTIMIZER = "optimizer/";
    private static final String PARAMETER = "parameter/";
    private static final String BEST = "best/";
    private static final String LOSSES = "losses";
    private static final String VALIDATIONS = "validations";

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
    private final MapperValidation validation;
    private final MapperFaces faces;
    private final List<MapperLossRow> losses = new ArrayList<>();
    private MapperRate rate;

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
        this.validation = new MapperValidation(request, objective, mapper, batches.heldBack(), best);
        this.faces = new MapperFaces(request, generator, mapper, batches, steps, manager);
        this.rate = rate();
        this.parameters = new TrainedParameters(mapper.parameters());
    }

    private static Optimizer optimizer(MapperTrainRequest.Optimizer kind, Map<String, NDArray> parameters) {
        return switch (kind) {
            case RANGER -> new Ranger(parameters, Ranger.Settings.DEFAULT);
            case ADAMW -> new Adam(parameters, Adam.Settings.ADAMW);
            case ADAM -> new Adam(parameters, Adam.Settings.DEFAULT);
        };
    }

    private MapperRate rate() {
        return new MapperRate(request, batches.stepsPerEpoch());
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
        return validation.rows();
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
                measured = terms.row(stepsDone(), rate.now());
                gradients = parameters.takeGradients();
            }
            requireFinite(measured, gradients);
            parameters.change(() -> optimizer.step(gradients, measured.learningRate()));
            return measured;
        });
        losses.add(row);
        validation.ifDue(stepsDone(), isDone(), rate.now());
        rate.observe(stepsDone(), losses, validation.rows());
        return new Made(row, validation.newest());
    }

    /**
     * A step that was made.
     *
     * @param row        its losses
     * @param validation the newest, if there is one yet
     */
    private record Made(MapperLossRow row, Optional<MapperLossRow> validation) implements Step {
        @Override
        public Map<String, Double> losses() {
            var losses = new TreeMap<>(row.losses());
            validation.ifPresent(newest -> losses.put("validation", newest.total()));
            return losses;
        }
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

    @Override
    public Optional<Product> preview() {
        return new Previews(request.previewEvery()).after(stepsDone(), faces::preview);
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
                new Product("faces.png", Artifact.PNG, faces.sheet().png())));
        products.addAll(LossFiles.of(request.prompt(), losses, validation.curves(losses)));
        if (!validation.rows().isEmpty()) {
            products.add(new Product("validations.json", Artifact.JSON, Json.bytes(validation.rows())));
        }
        return products;
    }

    private MapperCard card() {
        var levels = TrainedMapper.levels(networks);
        var chosen = validation.best();
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
    public Map<String, NDArray> tensors() {
        var tensors = new TreeMap<String, NDArray>();
        parameters.arrays().forEach((name, array) -> tensors.put(PARAMETER + name, array));
        optimizer.state().forEach((name, array) -> tensors.put(OPTIMIZER + name, array));
        best.copies().forEach((name, array) -> tensors.put(BEST + name, array));
        tensors.put(LOSSES, numbers(losses));
        tensors.put(VALIDATIONS, numbers(validation.rows()));
        return tensors;
    }

    private NDArray numbers(List<MapperLossRow> rows) {
        var numbers = MapperLossRow.pack(rows);
        return HostArrays.of(manager, numbers, new Shape(numbers.length));
    }

    @Override
    public void restore(SafetensorsFile stored) {
        Scope.run(() -> {
            optimizer.restore(stored.readUnder(OPTIMIZER, manager));
            parameters.arrays().keySet().forEach(name -> parameters.set(name, stored.read(PARAMETER + name, manager)));
            stored.readUnder(BEST, manager).forEach(best::put);
            losses.clear();
            losses.addAll(rows(LOSSES, stored));
            validation.restore(rows(VALIDATIONS, stored));
        });
        rate = rate();
        for (int step = 1; step <= stepsDone(); step++) {
            rate.observe(step, losses, validation.rows());
        }
    }

    private List<MapperLossRow> rows(String name, SafetensorsFile stored) {
        return MapperLossRow.unpack(stored.readAsStored(name, manager).toDoubleArray());
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
