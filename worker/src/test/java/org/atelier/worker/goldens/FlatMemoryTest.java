package org.atelier.worker.goldens;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

import ai.djl.ndarray.NDArray;
import org.atelier.common.job.LatentSpace;
import org.atelier.common.job.Noise;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.Reduction;
import org.atelier.common.job.Schedule;
import org.atelier.common.job.Truncation;
import org.atelier.common.json.Json;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.edit.FakeInputs;
import org.atelier.worker.edit.LatentOptimization;
import org.atelier.worker.nn.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three hundred steps of an edit hold as many native arrays after the last as after the second, and none in the end. */
class FlatMemoryTest {
    private static final Path WEIGHTS = Path.of("src/test/goldens/weights");
    private static final int STEPS = 300;

    @TempDir
    private Path folder;

    private Weights write(String table, String file) throws IOException {
        var weights = GeneratedWeights.of(Golden.json(WEIGHTS.resolve(table)));
        try (var manager = TestEngine.get().newManager(); var out = Files.newOutputStream(folder.resolve(file))) {
            var tensors = new TreeMap<String, NDArray>();
            weights.names().forEach(name -> tensors.put(name, weights.read(name, manager)));
            SafetensorsWriter.write(out, tensors, Map.of());
        }
        return weights;
    }

    @Test
    void memoryIsFlat() throws IOException {
        var generator = write("sg2_r32.json", "generator.safetensors");
        var clip = write("clip_vit_tiny32.json", "clip.safetensors");
        Files.write(folder.resolve("bundle.json"), Json.bytes(Map.of(
                "name", "tiny",
                "version", "1",
                "generator", BundleCards.generator("generator.safetensors", generator),
                "clip", BundleCards.clip("clip.safetensors", clip))));
        var request = new OptimizeRequest("tiny", null, "a face", OptimizeRequest.Goal.FREE_GENERATION,
                LatentSpace.W_PLUS, STEPS, 0.01, new Schedule.Constant(), 1.0, 0.0, Reduction.SUM, 0.0,
                Truncation.NONE, Noise.CONST, 0, null, null, null, null, null, null, null);
        int before = TestEngine.get().liveArrays();
        try (var networks = BundleNetworks.open(folder, TestEngine.get())) {
            try (var job = new LatentOptimization(request, networks, new FakeInputs())) {
                job.step();
                job.step();
                int early = TestEngine.get().liveArrays();
                while (!job.isDone()) {
                    job.step();
                }
                assertThat(TestEngine.get().liveArrays()).isEqualTo(early);
            }
        }
        assertThat(TestEngine.get().liveArrays()).isEqualTo(before);
    }
}
