package org.atelier.worker.goldens;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.job.DeltaApplyRequest;
import org.atelier.common.job.DeltaTrainRequest;
import org.atelier.common.job.Input;
import org.atelier.common.job.JobId;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.Source;
import org.atelier.common.json.Json;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.edit.Edit;
import org.atelier.worker.edit.FakeInputs;
import org.atelier.worker.edit.Product;
import org.atelier.worker.edit.delta.DeltaApplication;
import org.atelier.worker.edit.delta.DeltaMapperFile;
import org.atelier.worker.edit.delta.DeltaTraining;
import org.atelier.worker.edit.delta.GatedOptimization;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.RandomState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Delta mappers on a small StyleGAN3 with random weights: trained, applied, and both ways of mode best. */
class DeltaStyleGan3Test {
    private static final Path GOLDENS = Path.of("src/test/goldens");
    private static final JobId TRAINING = new JobId("train-1");

    @TempDir
    private Path folder;

    private Weights write(String table, String file) throws IOException {
        var weights = GeneratedWeights.of(Golden.json(GOLDENS.resolve("weights").resolve(table)));
        try (var manager = TestEngine.get().newManager(); var out = Files.newOutputStream(folder.resolve(file))) {
            var tensors = new TreeMap<String, NDArray>();
            weights.names().forEach(name -> tensors.put(name, weights.read(name, manager)));
            SafetensorsWriter.write(out, tensors, Map.of());
        }
        return weights;
    }

    private static List<Product> finish(Edit edit) {
        while (!edit.isDone()) {
            edit.step();
        }
        return edit.finish();
    }

    private static byte[] file(List<Product> products, String name) {
        return products.stream().filter(product -> product.name().equals(name)).findFirst().orElseThrow().bytes();
    }

    /** A mapper's file as if it had learned from enough pictures to keep them, which takes long to draw. */
    private static byte[] withSamples(byte[] mapper) {
        int samples = 64;
        int components = 4;
        var random = new RandomState(3);
        try (var file = SafetensorsFile.of("mapper", mapper); var manager = TestEngine.get().newManager()) {
            var tensors = new TreeMap<String, NDArray>();
            file.names().forEach(name -> tensors.put(name, file.readAsStored(name, manager)));
            int width = Math.toIntExact(tensors.get("w_avg").size());
            int embedding = Math.toIntExact(tensors.get("neutral").size());
            var shapes = Map.of("embeddings", new Shape(samples, embedding), "components", new Shape(samples,
                    components), "directions", new Shape(components, width), "filters", new Shape(components, width));
            new TreeMap<>(shapes).forEach((name, shape) -> tensors.put("bank." + name, HostArrays.of(manager, random
                    .randnFloat(Math.toIntExact(shape.size())), shape)));
            return SafetensorsWriter.bytes(tensors, file.metadata());
        }
    }

    @Test
    void trainsAppliesAndEdits() throws IOException {
        write("sg3t_r32.json", "generator.safetensors");
        var clip = write("clip_vit_tiny32.json", "clip.safetensors");
        var config = Golden.json(GOLDENS.resolve("stylegan3/sg3t_r32.json")).path("config");
        Files.write(folder.resolve("bundle.json"), Json.bytes(Map.of("name", "tiny", "version", "1", "generator", Map
                .of("architecture", "stylegan3", "file", "generator.safetensors", "sha256", "0".repeat(64), "config",
                        config), "clip", BundleCards.clip("clip.safetensors", clip))));
        try (var networks = BundleNetworks.open(folder, TestEngine.get())) {
            byte[] mapper;
            try (var training = new DeltaTraining(new DeltaTrainRequest("tiny", 32, null, List.of(16), null, 4, 8,
                    null,
                    null, null), networks, new FakeInputs())) {
                mapper = file(finish(training), DeltaMapperFile.NAME);
            }
            var inputs = new FakeInputs().with(TRAINING, DeltaMapperFile.NAME, withSamples(mapper));
            var named = new Input.Result(TRAINING, null);
            try (var application = new DeltaApplication(new DeltaApplyRequest("tiny", named, null, List.of(
                    new Source.Seed(1)), List.of("a smile"), List.of(2.0), null, null), networks, inputs)) {
                var products = application.step().products();
                assertThat(file(products, "picture-0-0-0.png")).isNotEqualTo(file(products, "before-0.png"));
            }
            for (double share : new double[]{0, OptimizeRequest.Gates.SHARE}) {
                try (var best = new GatedOptimization(new OptimizeRequest("tiny", new Source.Seed(1), "a smile", null,
                        null, 3, null, null, null, null, null, null, null, null, 0, null, OptimizeRequest.Mode.BEST,
                        new OptimizeRequest.Gates(named, List.of(1.0, 2.0), null, share), null, null, null, null),
                        networks, inputs)) {
                    var products = finish(best);
                    assertThat(best.losses()).hasSize(3);
                    assertThat(file(products, "after.png")).isNotEqualTo(file(products, "before.png"));
                }
            }
        }
    }
}
