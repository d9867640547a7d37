package org.atelier.worker.goldens;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.common.artifact.Digest;
import org.atelier.common.job.LatentSpace;
import org.atelier.common.job.Noise;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.Reduction;
import org.atelier.common.job.Schedule;
import org.atelier.common.job.Source;
import org.atelier.common.job.Truncation;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.edit.EditStates;
import org.atelier.worker.edit.FakeInputs;
import org.atelier.worker.edit.LatentOptimization;
import org.atelier.worker.edit.LossRow;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.tensor.Scope;

/**
 * Whole latent optimisations in W+: losses, latents of every step, the first gradient. The golden's networks are written
 * into a bundle folder, its latent into a blob, and the product's own job runs on them.
 */
final class LatentOptimizationCheck implements Check {
    /** Share of a gradient in Adam's first moment after one step. */
    private static final double FIRST_MOMENT = 1 - 0.9;

    @Override
    public boolean knows(Golden golden) {
        return golden.group().equals("e2e") && golden.config().has("description") && golden.has("latent_per_step")
                && !golden.config().path("work_in_stylespace").asBoolean();
    }

    @Override
    public void run(Golden golden, Verdict verdict, NDManager manager) {
        var generator = golden.weights(golden.config().path("generator").asText());
        var first = attempt(golden, generator, manager);
        var verdicts = new ArrayList<>(List.of(first.verdict()));
        first.otherSides().forEach(weights -> verdicts.add(attempt(golden, weights, manager).verdict()));
        verdict.adopt(verdicts.stream().filter(Verdict::fits).findFirst().orElse(verdicts.getFirst()));
    }

    /**
     * One way to compute a golden.
     *
     * @param otherSides weights that are as right as these: see {@link Kinks}; none if these fit
     */
    private record Attempt(Verdict verdict, List<Weights> otherSides) {}

    private static Attempt attempt(Golden golden, Weights generator, NDManager manager) {
        try (var bundle = new GoldenBundle(golden, generator)) {
            return optimize(golden, generator, bundle.folder(), manager);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Attempt optimize(Golden golden, Weights weights, Path folder, NDManager manager)
            throws IOException {
        var verdict = new Verdict(golden);
        var start = golden.array("in.latent", manager);
        var blob = SafetensorsWriter.bytes(Map.of("w+", start), Map.of());
        var latents = new NDList();
        var state = folder.resolve("state.safetensors");
        try (var networks = BundleNetworks.open(folder, TestEngine.get());
                var job = new LatentOptimization(request(golden.config(), Digest.of(blob), LatentSpace.W_PLUS),
                        networks, new FakeInputs()
                                .with(blob))) {
            while (!job.isDone()) {
                job.step();
                EditStates.save(job, state);
                try (var saved = SafetensorsFile.open(state)) {
                    latents.add(saved.read("w+", manager));
                    if (job.stepsDone() == 1) {
                        verdict.compare("grad_step0", saved.read("adam/w+/exp_avg", manager).div(FIRST_MOMENT));
                    }
                }
            }
            verdict.compare("latent_per_step", NDArrays.stack(latents));
            losses(job.losses(), verdict, manager);
            var generator = networks.generator();
            verdict.compare("image_initial", generator.render(start, org.atelier.worker.nn.Noise.STORED));
            verdict.compare("image_last_forward", Scope.compute(() -> generator.render(latents.get(latents.size() - 2),
                    org.atelier.worker.nn.Noise.STORED)));
            return new Attempt(verdict, verdict.fits() ? List.of() : Kinks.otherSides(generator, weights, start));
        }
    }

    static void losses(List<LossRow> rows, Verdict verdict, NDManager manager) {
        Map<String, ToDoubleFunction<LossRow>> columns = Map.of("loss", LossRow::total, "clip", LossRow::clip, "l2",
                LossRow::l2, "id", LossRow::identity, "lr", LossRow::learningRate);
        columns.forEach((name, column) -> verdict.compare("loss." + name, manager.create(rows.stream().mapToDouble(
                column).toArray())));
    }

    static OptimizeRequest request(JsonNode config, Digest latent, LatentSpace space) {
        return new OptimizeRequest(
                "golden",
                new Source.Latent(latent),
                config.path("description").asText(),
                config.path("mode").asText().equals("edit")
                        ? OptimizeRequest.Goal.EDIT
                        : OptimizeRequest.Goal.FREE_GENERATION,
                space,
                config.path("steps").asInt(),
                config.path("lr").asDouble(),
                new Schedule.Ramp(null, null),
                1.0,
                config.path("l2_lambda").asDouble(),
                Reduction.SUM,
                config.path("id_lambda").asDouble(),
                Truncation.NONE,
                Noise.CONST,
                0,
                null, null, null, null, null, null, null);
    }
}
