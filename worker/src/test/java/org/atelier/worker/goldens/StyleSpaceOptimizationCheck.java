package org.atelier.worker.goldens;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.atelier.common.artifact.Digest;
import org.atelier.common.job.LatentSpace;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.edit.EditStates;
import org.atelier.worker.edit.FakeInputs;
import org.atelier.worker.edit.LatentOptimization;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.Tap;

/** Whole latent optimisations in StyleSpace without toRGB layers: losses, and the styles at the end. */
final class StyleSpaceOptimizationCheck implements Check {
    @Override
    public boolean knows(Golden golden) {
        return golden.group().equals("e2e") && golden.has("final_style.00") && golden.config().path(
                "work_in_stylespace").asBoolean();
    }

    @Override
    public void run(Golden golden, Verdict verdict, NDManager manager) {
        var blob = SafetensorsWriter.bytes(Map.of("w+", golden.array("in.latent", manager)), Map.of());
        var request = LatentOptimizationCheck.request(golden.config(), Digest.of(blob), LatentSpace.S);
        try (var bundle = new GoldenBundle(golden, golden.weights(golden.config().path("generator").asText()));
                var networks = BundleNetworks.open(bundle.folder(), TestEngine.get());
                var job = new LatentOptimization(request, networks, new FakeInputs().with(blob))) {
            var state = bundle.folder().resolve("state.safetensors");
            while (job.stepsDone() < job.steps() - 1) {
                job.step();
            }
            var generator = networks.generator();
            var initial = generator.styles(golden.array("in.latent", manager));
            compare(verdict, "initial_style", initial);
            verdict.compare("image_initial", generator.render(initial, Noise.STORED, Tap.NONE));
            verdict.compare("image_last_forward", generator.render(stored(job, state, initial, manager), Noise.STORED,
                    Tap.NONE));
            job.step();
            compare(verdict, "final_style", stored(job, state, initial, manager));
            LatentOptimizationCheck.losses(job.losses(), verdict, manager);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All styles as they are after the job's last step. */
    private static Map<String, NDArray> stored(LatentOptimization job, Path file, Map<String, NDArray> initial,
            NDManager manager) throws IOException {
        EditStates.save(job, file);
        try (var saved = SafetensorsFile.open(file)) {
            var styles = new LinkedHashMap<>(initial);
            styles.replaceAll((layer, style) -> saved.names().contains("s/" + layer)
                    ? saved.read("s/" + layer, manager)
                    : style);
            return styles;
        }
    }

    private static void compare(Verdict verdict, String output, Map<String, NDArray> styles) {
        int index = 0;
        for (var style : styles.values()) {
            verdict.compare("%s.%02d".formatted(output, index++), style);
        }
    }
}
