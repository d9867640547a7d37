package org.atelier.worker.goldens;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.MapperTrainRequest;
import org.atelier.common.json.Json;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.edit.EditStates;
import org.atelier.worker.edit.mapper.LatentBatches;
import org.atelier.worker.edit.mapper.MapperLossRow;
import org.atelier.worker.edit.mapper.MapperTraining;
import org.atelier.worker.nn.mapper.LatentMapper.Levels;
import org.atelier.worker.nn.mapper.Mapper;

/**
 * Training of a mapper: losses and norms of all weights at every step, first gradients, last weights. After every step
 * training, mapper and optimiser are replaced by fresh ones that take over the stored state.
 */
final class MapperTrainingCheck implements Check {
    /** Share of a gradient in Adam's first moment after one step. */
    private static final double FIRST_MOMENT = 1 - 0.9;

    @Override
    public boolean knows(Golden golden) {
        return golden.has("in.latents_per_step") && golden.config().has("optimizer");
    }

    @Override
    public void run(Golden golden, Verdict verdict, NDManager manager) {
        try (var bundle = new GoldenBundle(golden, golden.weights(golden.config().path("generator").asText()));
                var networks = BundleNetworks.open(bundle.folder(), TestEngine.get())) {
            train(golden, networks, bundle.folder().resolve("state.safetensors"), verdict, manager);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MapperTrainRequest request(JsonNode config, String optimizer) {
        return (MapperTrainRequest) Json.read(Json.bytes(Map.of(
                "type", "mapper-train",
                "bundle", "golden",
                "prompt", config.path("description").asText(),
                "steps", config.path("steps").asInt(),
                "optimizer", optimizer,
                "learning_rate", config.path("lr").asDouble(),
                "l2_lambda", config.path("l2").asDouble(),
                "id_lambda", config.path("id").asDouble(),
                "factor", config.path("factor").asDouble())), JobRequest.class);
    }

    private static LatentBatches batches(Golden golden) {
        return (step, owner) -> golden.array("in.latents_per_step", owner).get(step);
    }

    private static GeneratedWeights mapperWeights(Golden golden) {
        return golden.weights(golden.weightTables().stream().filter(table -> table.startsWith("mapper_")).findFirst()
                .orElseThrow());
    }

    private static void train(Golden golden, BundleNetworks networks, Path state, Verdict verdict, NDManager manager)
            throws IOException {
        var request = request(golden.config(), golden.config().path("optimizer").asText());
        var batches = batches(golden);
        var weights = mapperWeights(golden);
        var norms = new NDList();
        List<MapperLossRow> losses = List.of();
        for (int step = 0; step < Objects.requireNonNull(request.steps()); step++) {
            var mapper = Mapper.load(Levels.STYLEGAN2, weights, TestEngine.get());
            try (var training = new MapperTraining(request, networks, mapper, batches)) {
                if (step > 0) {
                    EditStates.restore(training, state);
                }
                training.step();
                EditStates.save(training, state);
                losses = List.copyOf(training.losses());
                norms.add(norms(golden, mapper, manager));
                if (training.isDone()) {
                    mapper.parameters().forEach((name, parameter) -> {
                        if (verdict.wants("final." + name)) {
                            verdict.compare("final." + name, parameter);
                        }
                    });
                }
            }
        }
        firstGradients(golden, networks, state, verdict, manager);
        verdict.compare("weight_norms_per_step", NDArrays.stack(norms));
        Map<String, ToDoubleFunction<MapperLossRow>> columns = Map.of("loss", MapperLossRow::total, "clip",
                MapperLossRow::clip, "l2",
                MapperLossRow::l2, "id", MapperLossRow::identity);
        for (var column : columns.entrySet()) {
            verdict.compare("loss." + column.getKey(), manager.create(losses.stream().mapToDouble(column.getValue())
                    .toArray()));
        }
    }

    private static NDArray norms(Golden golden, Mapper mapper, NDManager manager) {
        return manager.create(golden.description().path("weight_norm_order").valueStream()
                .mapToDouble(name -> mapper.parameters().get(name.asText()).norm().getFloat())
                .toArray());
    }

    /**
     * Adam's first moment after one step holds the gradient; Ranger's holds it centralised. The gradient does not depend
     * on the optimiser, so a step with Adam shows it.
     */
    private static void firstGradients(Golden golden, BundleNetworks networks, Path state, Verdict verdict,
            NDManager manager) throws IOException {
        try (var training = new MapperTraining(request(golden.config(), "adam"), networks, Mapper.load(Levels.STYLEGAN2,
                mapperWeights(golden), TestEngine.get()), batches(golden))) {
            training.step();
            EditStates.save(training, state);
        }
        try (var saved = SafetensorsFile.open(state)) {
            for (var output : golden.outputs()) {
                if (output.name().startsWith("grad_step0.")) {
                    var parameter = output.name().substring("grad_step0.".length());
                    verdict.compare(output.name(), saved.read("optimizer/" + parameter + "/exp_avg", manager).div(
                            FIRST_MOMENT));
                }
            }
        }
    }
}
