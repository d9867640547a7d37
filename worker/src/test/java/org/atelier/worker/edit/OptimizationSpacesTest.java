package org.atelier.worker.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.atelier.common.artifact.Digest;
import org.atelier.common.error.JobException;
import org.atelier.common.job.LatentSpace;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.Source;
import org.atelier.common.job.Truncation;
import org.atelier.common.json.Json;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.tensor.Scope;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Latent optimisation in each of its spaces, on the bundle of the tests. */
class OptimizationSpacesTest {
    private static final Path BUNDLE = Path.of("../models/avatar-128");

    private static BundleNetworks networks;
    private static NDManager manager;

    @BeforeAll
    static void open() {
        networks = BundleNetworks.open(BUNDLE, TestEngine.get());
        manager = TestEngine.get().newManager();
    }

    @AfterAll
    static void close() {
        networks.close();
        manager.close();
    }

    private static ObjectNode tree(String json) {
        return Json.read(json.getBytes(StandardCharsets.UTF_8), ObjectNode.class);
    }

    private static OptimizeRequest request(String fields) {
        var request = tree(
                """
                        {"type": "optimize", "bundle": "avatar-128", "source": {"seed": 7}, "prompt": "a person with round glasses",
                         "steps": 4, "schedule": {"kind": "constant"}, "preview_every": 0}""");
        request.setAll(tree("{" + fields + "}"));
        return Json.read((JsonNode) request, OptimizeRequest.class);
    }

    private static List<Product> run(LatentOptimization job) {
        while (!job.isDone()) {
            job.step();
        }
        return job.finish();
    }

    private static List<Product> run(String fields) {
        try (var job = new LatentOptimization(request(fields), networks, new FakeInputs())) {
            return run(job);
        }
    }

    private static Map<String, byte[]> bytes(List<Product> products) {
        return products.stream().collect(Collectors.toMap(Product::name, Product::bytes));
    }

    private static byte[] latent(List<Product> products) {
        return bytes(products).get("latent.safetensors");
    }

    private static SafetensorsFile file(byte[] latent) {
        return SafetensorsFile.of("latent", latent);
    }

    @ParameterizedTest
    @EnumSource
    void theResultIsASourceInItsOwnSpace(LatentSpace space) {
        var products = run("\"space\":\"" + space.wireName() + "\",\"steps\":2,\"truncation\":{\"psi\":0.6}");
        var latent = latent(products);

        var again = request("\"steps\":1,\"learning_rate\":1e-9,\"space\":\"" + space.wireName()
                + "\",\"source\":{\"latent\":\"" + Digest.of(latent) + "\"}");
        try (var job = new LatentOptimization(again, networks, new FakeInputs().with(latent))) {
            assertThat(job.picture().rgb()).isEqualTo(org.atelier.worker.tensor.Picture.read(bytes(products).get(
                    "after.png")).rgb());
        }
    }

    @Test
    void aResultInStyleSpaceHasTheStyleOfEveryLayerAndToRgbStaysUnlessAskedFor() {
        var generator = networks.generator();
        Scope.run(() -> {
            var start = new Latents(networks, new FakeInputs()).styles(new Source.Seed(7), Truncation.psi(0.7),
                    manager);
            try (var plain = file(latent(run("\"space\":\"s\"")));
                    var colours = file(latent(run("\"space\":\"s\",\"to_rgb\":true")))) {
                assertThat(plain.names()).containsExactlyInAnyOrderElementsOf(start.keySet().stream().map(
                        layer -> "s/" + layer).toList());
                start.forEach((layer, style) -> {
                    assertThat(moved(plain.read("s/" + layer, manager), style)).as(layer)
                            .isEqualTo(generator.shapingLayers().contains(layer));
                    assertThat(moved(colours.read("s/" + layer, manager), style)).as(layer).isTrue();
                });
            }
        });
    }

    private static boolean moved(NDArray now, NDArray before) {
        return now.sub(before).abs().max().getFloat() > 0;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "level":"coarse"    | 0 | 4
            "level":"medium"    | 4 | 8
            "level":"fine"      | 8 | 12
            "from":2,"to":5     | 2 | 5
            """)
    void rowsOutsideStay(String rows, int from, int to) {
        for (var space : List.of("w+", "w", "z")) {
            Scope.run(() -> {
                var start = new Latents(networks, new FakeInputs()).resolve(new Source.Seed(7), Truncation.psi(0.7),
                        manager);
                try (var result = file(latent(run("\"steps\":2,\"space\":\"" + space + "\",\"rows\":{" + rows
                        + "}")))) {
                    var end = result.read("w+", manager);
                    for (int row = 0; row < networks.generator().rows(); row++) {
                        assertThat(moved(end.get(":, " + row), start.get(":, " + row))).as(space + " row " + row)
                                .isEqualTo(row >= from && row < to);
                    }
                }
            });
        }
    }

    @Test
    void rowsOfStyleSpaceAreTheLayersThatFollowThem() {
        Scope.run(() -> {
            var start = new Latents(networks, new FakeInputs()).styles(new Source.Seed(7), Truncation.psi(0.7),
                    manager);
            try (var result = file(latent(run("\"space\":\"s\",\"rows\":{\"to\":3}")))) {
                var moved = start.keySet().stream().filter(layer -> moved(result.read("s/" + layer, manager), start.get(
                        layer))).toList();

                assertThat(moved).containsExactlyElementsOf(networks.generator().shapingLayers().subList(0, 3));
            }
        });
    }

    @Test
    void theDirectionalTermIsPartOfTheLossAndFiniteFromTheFirstStep() {
        try (var job = new LatentOptimization(request("\"clip_lambda\":0.5,\"directional\":{\"weight\":2}"), networks,
                new FakeInputs())) {
            var rows = List.of(job.step(), job.step(), job.step());

            assertThat(rows.getFirst().directional()).isEqualTo(1);
            assertThat(rows.getLast().directional()).isLessThan(1);
            for (var row : rows) {
                assertThat(row.total()).isCloseTo(0.5 * row.clip() + 2 * row.directional() + 0.008 * row.l2(),
                        org.assertj.core.data.Offset.offset(1e-5));
            }
        }
    }

    @Test
    void whatDoesNotFitTheSpaceIsRefused() {
        var style = latent(run("\"space\":\"s\",\"steps\":1"));
        var wPlus = latent(run("\"space\":\"w+\",\"steps\":1"));

        assertRefused("\"space\":\"w+\"", style, "only an optimize job in space s");
        assertRefused("\"space\":\"w\"", wPlus, "another w in each row");
        assertRefused("\"space\":\"z\"", wPlus, "has no z");
        assertThatThrownBy(() -> run("\"rows\":{\"from\":5,\"to\":13}")).isInstanceOf(JobException.class)
                .hasMessageContaining("12 rows");
    }

    private static void assertRefused(String fields, byte[] latent, String message) {
        var request = request(fields + ",\"source\":{\"latent\":\"" + Digest.of(latent) + "\"}");
        var inputs = new FakeInputs().with(latent);
        assertThatThrownBy(() -> new LatentOptimization(request, networks, inputs)).isInstanceOf(JobException.class)
                .hasMessageContaining(message);
    }

    @Test
    void freeGenerationStartsAtTheMeanInEverySpaceThatHasOne() {
        for (var space : List.of("w", "w+", "s")) {
            var free = Json.read(Json.bytes(request("\"goal\":\"free_generation\",\"steps\":1,\"space\":\""
                    + space + "\"")), ObjectNode.class);
            free.remove("source");
            try (var job = new LatentOptimization(Json.read((JsonNode) free, OptimizeRequest.class), networks,
                    new FakeInputs())) {
                assertThat(job.step().l2()).as(space).isZero();
            }
        }
    }
}
