package org.atelier.worker.edit.mapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.artifact.Digest;
import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.job.JobId;
import org.atelier.common.job.JobRequest;
import org.atelier.common.job.MapperApplyRequest;
import org.atelier.common.job.MapperTrainRequest;
import org.atelier.common.json.Json;
import org.atelier.common.request.SubmissionReader;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.checkpoint.SafetensorsWriter;
import org.atelier.worker.edit.Edit;
import org.atelier.worker.edit.FakeInputs;
import org.atelier.worker.edit.Product;
import org.atelier.worker.goldens.SmallBundle;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Picture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training and use of mappers with generators of both kinds whose weights mean nothing. */
class MapperJobsTest {
    private static final JobId TRAINING = new JobId("training-1");
    /** Every term and every part of the state takes part; its losses rise and fall, so that the best is not the last. */
    private static final String ALL_THAT_HAS_STATE = """
            "prompt": "a face", "neutral": "a dog", "steps": 7, "batch": 2, "id_lambda": 0, "directional_lambda": 0.5,
            "norm_lambda": 0.5, "learning_rate": 0.8, "plateau": {"factor": 0.5, "patience": 0},
            "latents": {"kind": "sampled", "count": 5}, "validation": {"count": 3, "every": 3}, "preview_every": 0""";
    private static final String QUICK = """
            "prompt": "a face", "id_lambda": 0, "validation": {"count": 0}, "preview_every": 0""";

    private static BundleNetworks styleGan2;
    private static BundleNetworks styleGan3;
    private static NDManager manager;

    @BeforeAll
    static void open(@TempDir Path bundles) throws IOException {
        styleGan2 = SmallBundle.styleGan2(Files.createDirectory(bundles.resolve("2")));
        styleGan3 = SmallBundle.styleGan3(Files.createDirectory(bundles.resolve("3")));
        manager = TestEngine.get().newManager();
    }

    @AfterAll
    static void close() {
        styleGan2.close();
        styleGan3.close();
        manager.close();
    }

    private static JobRequest request(String fields) {
        return new SubmissionReader().read(("{\"request\": {\"bundle\": \"small\", " + fields + "}}").getBytes())
                .submission().request();
    }

    private static MapperTraining training(String fields, BundleNetworks networks) {
        return training(fields, networks, new FakeInputs());
    }

    private static MapperTraining training(String fields, BundleNetworks networks, FakeInputs inputs) {
        return MapperTraining.of((MapperTrainRequest) request("\"type\": \"mapper-train\", " + fields), networks,
                inputs);
    }

    private static MapperApplication application(String fields, byte[] mapper, BundleNetworks networks) {
        return new MapperApplication((MapperApplyRequest) request(
                "\"type\": \"mapper-apply\", \"mapper\": {\"job\": \"training-1\"}, " + fields), networks,
                new FakeInputs().with(TRAINING, "mapper.safetensors", mapper));
    }

    private static List<Product> run(Edit edit) {
        var products = new ArrayList<Product>();
        while (!edit.isDone()) {
            products.addAll(edit.step().products());
        }
        products.addAll(edit.finish());
        return products;
    }

    private static byte[] bytes(String name, List<Product> products) {
        return products.stream().filter(product -> product.name().equals(name)).findFirst().orElseThrow().bytes();
    }

    private static byte[] train(String fields, BundleNetworks networks) {
        try (var training = training(fields, networks)) {
            return bytes("mapper.safetensors", run(training));
        }
    }

    private static NDArray latent(String name, List<Product> products) {
        try (var file = SafetensorsFile.of(name, bytes(name, products))) {
            return file.read("w+", manager);
        }
    }

    private static BundleNetworks networks(String architecture) {
        return architecture.equals("stylegan3") ? styleGan3 : styleGan2;
    }

    @Test
    void memoryIsFlat() {
        int before = TestEngine.get().liveArrays();
        try (var training = training("""
                "prompt": "a face", "id_lambda": 0, "steps": 60, "directional_lambda": 1, "preview_every": 0,
                "validation": {"count": 2, "every": 2}""", styleGan2)) {
            training.step();
            training.step();
            int early = TestEngine.get().liveArrays();
            while (!training.isDone()) {
                training.step();
            }
            assertThat(TestEngine.get().liveArrays()).isEqualTo(early);
        }
        assertThat(TestEngine.get().liveArrays()).isEqualTo(before);
    }

    @Test
    void theResultIsTheBestOnTheLatentsThatAreHeldBack() {
        try (var training = training(ALL_THAT_HAS_STATE, styleGan2)) {
            var products = run(training);
            var losses = training.validations().stream().map(MapperLossRow::total).toList();
            assertThat(training.validations()).extracting(MapperLossRow::step).containsExactly(3, 6, 7);
            var card = Json.read(bytes("card.json", products), MapperCard.class);
            var best = losses.stream().min(Double::compare).orElseThrow();
            assertThat(card.validationLoss()).isEqualTo(best);
            assertThat(card.step()).isEqualTo(training.validations().get(losses.indexOf(best)).step());
        }
    }

    @Test
    void theRateFallsWhereTheLossDoesNot() {
        // Without the losses that fall, at a rate at which nothing moves: no epoch is better than the one before.
        try (var training = training(QUICK + """
                , "epochs": 4, "batch": 2, "learning_rate": 1e-6, "plateau": {"factor": 0.5, "patience": 1},
                "latents": {"kind": "sampled", "count": 4}""", styleGan2)) {
            run(training);
            assertThat(training.losses()).extracting(MapperLossRow::learningRate).containsExactly(1e-6, 1e-6, 1e-6,
                    1e-6, 1e-6, 1e-6, 5e-7, 5e-7);
        }
    }

    @Test
    void anEpochIsAPassOverGivenLatentsAndABatchOfSampledOnes() {
        try (var training = training(QUICK + """
                , "epochs": 4, "latents": {"kind": "given", "sources": [{"seed": 1}, {"seed": 2}, {"seed": 3}]}""",
                styleGan2)) {
            assertThat(training.steps()).isEqualTo(8);
        }
        try (var training = training(QUICK + ", \"epochs\": 4", styleGan2)) {
            assertThat(training.steps()).isEqualTo(4);
        }
        assertThatThrownBy(() -> training(QUICK + """
                , "epochs": 1000000, "latents": {"kind": "sampled", "count": 4}""", styleGan2)).isInstanceOfSatisfying(
                JobException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.INVALID_REQUEST))
                .hasMessageContaining("2000000 steps");
    }

    @Test
    void storedLatentsAreReadWithTheirSplit() {
        var file = SafetensorsWriter.bytes(Map.of("w", HostArrays.of(manager, new float[160], new Shape(5, 32))),
                Map.of());
        var fields = """
                "prompt": "a face", "id_lambda": 0, "epochs": 1, "validation": {"count": %d},
                "latents": {"kind": "stored", "file": {"blob": "%s"}}""";
        try (var training = training(fields.formatted(2, Digest.of(file)), styleGan2, new FakeInputs().with(file))) {
            run(training);
            assertThat(training.losses()).hasSize(2);
            assertThat(training.validations()).hasSize(1);
        }
        assertThatThrownBy(() -> training(fields.formatted(5, Digest.of(file)), styleGan2, new FakeInputs().with(file)))
                .isInstanceOfSatisfying(JobException.class, e -> assertThat(e.category()).isEqualTo(
                        ErrorCategory.INVALID_REQUEST)).hasMessageContaining("validation.count");
        var wide = SafetensorsWriter.bytes(Map.of("w+", HostArrays.of(manager, new float[1024], new Shape(2, 16, 32))),
                Map.of());
        assertThatThrownBy(() -> training(fields.formatted(0, Digest.of(wide)), styleGan2, new FakeInputs().with(wide)))
                .isInstanceOfSatisfying(JobException.class, e -> assertThat(e.category()).isEqualTo(
                        ErrorCategory.INPUT_UNREADABLE)).hasMessageContaining("[2, 16, 32]");
    }

    @Test
    void frozenLevelsStay() {
        // The fine level of this generator would start at row 8, after the last one.
        var mapper = train(QUICK + ", \"steps\": 1, \"freeze\": [\"coarse\"]", styleGan2);
        try (var file = SafetensorsFile.of("mapper", mapper)) {
            assertThat(file.names()).allMatch(name -> name.startsWith("mapper.medium_mapping."));
        }
        try (var apply = application("\"sources\": [{\"seed\": 3}], \"strengths\": [0, 1]", mapper, styleGan2)) {
            var products = run(apply);
            var delta = latent("latent-0-1.safetensors", products).sub(latent("latent-0-0.safetensors", products));
            assertThat(delta.get(":, :4").abs().max().getFloat()).isZero();
            assertThat(delta.get(":, 4:").abs().min().getFloat()).isPositive();
        }
    }

    @Test
    void levelsOfAStyleGan3MeetWhereItsRowsDo() {
        var mapper = train(QUICK + ", \"steps\": 1, \"freeze\": [\"coarse\", \"fine\"]", styleGan3);
        try (var apply = application("\"sources\": [{\"seed\": 3}], \"strengths\": [0, 1]", mapper, styleGan3)) {
            var products = run(apply);
            var delta = latent("latent-0-1.safetensors", products).sub(latent("latent-0-0.safetensors", products));
            assertThat(delta.get(":, :5").abs().max().getFloat()).isZero();
            assertThat(delta.get(":, 5:8").abs().max().getFloat()).isPositive();
            assertThat(delta.get(":, 8:").abs().max().getFloat()).isZero();
        }
    }

    @Test
    void aMapperIsUsedWithTheFactorThatItWasTrainedWith() {
        var mapper = train(QUICK + ", \"steps\": 1, \"factor\": 0.5", styleGan2);
        List<Product> own;
        List<Product> given;
        try (var apply = application("\"sources\": [{\"seed\": 3}, {\"seed\": 4}], \"strengths\": [0, 2]", mapper,
                styleGan2)) {
            own = run(apply);
        }
        try (var apply = application("\"sources\": [{\"seed\": 3}], \"strengths\": [1], \"factor\": 1", mapper,
                styleGan2)) {
            given = run(apply);
        }

        assertThat(own).extracting(Product::name).containsExactly("before-0.png", "picture-0-0.png",
                "latent-0-0.safetensors", "picture-0-1.png", "latent-0-1.safetensors", "before-1.png",
                "picture-1-0.png", "latent-1-0.safetensors", "picture-1-1.png", "latent-1-1.safetensors", "sheet.png");
        assertThat(latent("latent-0-1.safetensors", own).sub(latent("latent-0-0.safetensors", given)).abs().max()
                .getFloat()).isCloseTo(0, within(1e-6f));
        assertThat(bytes("picture-0-0.png", own)).isEqualTo(bytes("before-0.png", own));
        assertThat(bytes("picture-0-1.png", own)).isNotEqualTo(bytes("before-0.png", own));
        // The latent that comes with a picture draws it again.
        var again = Picture.of(styleGan2.generator().render(latent("latent-1-1.safetensors", own), Noise.STORED))
                .getFirst();
        assertThat(again.png()).isEqualTo(bytes("picture-1-1.png", own));
    }

    @Test
    void aBoundIsNotExceeded() {
        var mapper = train(QUICK + ", \"steps\": 1, \"max_delta\": 0.25", styleGan2);
        try (var apply = application("\"sources\": [{\"seed\": 3}], \"strengths\": [0, 1]", mapper, styleGan2)) {
            var products = run(apply);
            var delta = latent("latent-0-1.safetensors", products).sub(latent("latent-0-0.safetensors", products));
            var lengths = delta.norm(new int[]{2}).toFloatArray();
            assertThat(lengths).hasSize(8).usingComparatorWithPrecision(1e-4f).containsOnly(0.25f);
        }
    }

    @Test
    void theL2LossMeasuresTheMoveThatIsNamed() {
        assertThat(firstL2("\"l2_of\": \"raw\"") * 0.01).isCloseTo(firstL2("\"l2_of\": \"scaled\""), within(1e-5));
        // 8 rows of 32
        assertThat(firstL2("\"l2_reduction\": \"sum\"") / 256).isCloseTo(firstL2("\"l2_reduction\": \"mean\""), within(
                1e-5));
        assertThat(firstL2("\"batch\": 1, \"l2_reduction\": \"norm\"")).isCloseTo(Math.sqrt(firstL2(
                "\"batch\": 1, \"l2_reduction\": \"sum\"")), within(1e-4));
    }

    private static double firstL2(String fields) {
        try (var training = training(QUICK + ", \"steps\": 1, " + fields, styleGan2)) {
            training.step();
            return training.losses().getFirst().l2();
        }
    }

    @Test
    void aMapperForAnotherGeneratorIsRefused() {
        var rows = train(QUICK + ", \"steps\": 1", styleGan2);
        assertRefused(rows, styleGan3, "8 rows", "small2@1", "16 rows");
        var styles = train(QUICK + ", \"steps\": 1, \"kind\": \"stylespace\"", styleGan2);
        assertRefused(styles, styleGan3, "24 channels in style 0", "small2@1");
        assertRefused(SafetensorsWriter.bytes(Map.of("w", HostArrays.of(manager, new float[1], new Shape(1))), Map
                .of()), styleGan2, "no mapper's weights");
        assertRefused("no safetensors".getBytes(), styleGan2, "cannot be read");
    }

    private static void assertRefused(byte[] mapper, BundleNetworks networks, String... words) {
        assertThatThrownBy(() -> application("\"sources\": [{\"seed\": 3}]", mapper, networks))
                .isInstanceOfSatisfying(JobException.class, e -> assertThat(e.category()).isEqualTo(
                        ErrorCategory.INPUT_UNREADABLE)).message().contains(words);
    }

    @Test
    void aMapperInStyleSpaceLeavesTheColoursWhereItIsToldSo() {
        var mapper = train(QUICK + ", \"steps\": 1, \"kind\": \"stylespace_no_rgb\"", styleGan2);
        try (var file = SafetensorsFile.of("mapper", mapper)) {
            assertThat(file.names()).anyMatch(name -> name.startsWith("mapper.mapper_0."))
                    .noneMatch(name -> name.startsWith("mapper.mapper_1.")); // to_rgb1
        }
        try (var apply = application("\"sources\": [{\"seed\": 3}]", mapper, styleGan2)) {
            var products = run(apply);
            assertThat(bytes("picture-0-0.png", products)).isNotEqualTo(bytes("before-0.png", products));
            try (var latent = SafetensorsFile.of("latent", bytes("latent-0-0.safetensors", products))) {
                var styles = new LinkedHashMap<String, NDArray>();
                styleGan2.generator().styles(styleGan2.generator().truncate(styleGan2.generator().meanLatent()
                        .expandDims(0), 1, 0)).keySet().forEach(layer -> styles.put(layer, latent.read("s/" + layer,
                                manager)));
                var again = styleGan2.generator().render(styles, Noise.STORED, Tap.NONE);
                assertThat(Picture.of(again).getFirst().png()).isEqualTo(bytes("picture-0-0.png", products));
            }
        }
    }
}
