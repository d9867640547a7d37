package org.atelier.worker.goldens;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import ai.djl.ndarray.NDArray;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.NadaFinetuneRequest;
import org.atelier.common.json.Json;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.GeneratorDelta;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.edit.FakeInputs;
import org.atelier.worker.edit.Product;
import org.atelier.worker.edit.nada.NadaFinetune;
import org.atelier.worker.nn.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole job on a small StyleGAN3 with random weights; its numbers are those of {@link NadaCheck}. */
class NadaStyleGan3Test {
    private static final Path TABLES = Path.of("src/test/goldens/weights");

    @TempDir
    private Path folder;

    private static void write(Path file, Weights weights) throws IOException {
        try (var manager = TestEngine.get().newManager(); var out = Files.newOutputStream(file)) {
            var tensors = new TreeMap<String, NDArray>();
            weights.names().forEach(name -> tensors.put(name, weights.read(name, manager)));
            SafetensorsWriter.write(out, tensors, Map.of());
        }
    }

    private BundleNetworks bundle() throws IOException {
        var generator = GeneratedWeights.of(Golden.json(TABLES.resolve("sg3t_e2e32.json")));
        var clip = GeneratedWeights.of(Golden.json(TABLES.resolve("clip_vit_tiny224.json")));
        write(folder.resolve("generator.safetensors"), generator);
        write(folder.resolve("clip.safetensors"), clip);
        Files.write(folder.resolve("bundle.json"), Json.bytes(Map.of(
                "name", "small3",
                "version", "1",
                "generator", Map.of("architecture", "stylegan3", "file", "generator.safetensors", "sha256", "0".repeat(
                        64), "config", Map.of("num_ws", 16)),
                "clip", BundleCards.clip("clip.safetensors", clip))));
        return BundleNetworks.open(folder, TestEngine.get());
    }

    private static Map<String, byte[]> run(Map<String, Object> fields, BundleNetworks networks) {
        var all = new HashMap<String, Object>(Map.of("type", "nada-finetune", "bundle", "small3@1", "target",
                "a sketch",
                "iterations", 2, "samples", 2, "templates", "none"));
        all.putAll(fields);
        var request = (NadaFinetuneRequest) Json.read(Json.bytes(all), JobRequest.class);
        try (var job = new NadaFinetune(request, networks, new FakeInputs())) {
            while (!job.isDone()) {
                job.step();
            }
            return job.finish().stream().collect(Collectors.toMap(Product::name, Product::bytes));
        }
    }

    @Test
    void aStyleGan3IsTunedInEveryForm() throws IOException {
        try (var networks = bundle()) {
            for (var fields : List.<Map<String, Object>>of(
                    Map.of(),
                    Map.of("selection", Map.of("layers", 3, "batch", 2, "mapping", "corrected"), "freeze", "paper"),
                    Map.of("form", "multipliers"))) {
                var products = run(fields, networks);
                assertThat(products.get("after.png")).isNotEqualTo(products.get("before.png"));
                try (var delta = SafetensorsFile.of("delta", products.get(GeneratorDelta.FILE))) {
                    assertThat(delta.names()).isNotEmpty().noneMatch(name -> name.contains("affine") || name.contains(
                            "mapping"));
                    if (fields.isEmpty()) {
                        assertThat(delta.names()).noneMatch(name -> name.contains(".L10_") || name.contains(".L12_"));
                    }
                }
            }
        }
    }
}
