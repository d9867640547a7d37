package org.atelier.worker.edit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import ai.djl.ndarray.NDManager;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.request.SubmissionReader;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The published optimisation does what its words say in w and in StyleSpace, too: a reader that is in no loss judges. (In z
 * it does not: the face becomes another one, see docs/methods/optimize.md.)
 */
class SpacesEffectTest {
    private static final String GLASSES = "glasses";
    private static final String ROUND = "round";

    private static BundleNetworks networks;
    private static NDManager manager;

    @BeforeAll
    static void open() {
        networks = BundleNetworks.open(Path.of("../models/avatar-128"), TestEngine.get());
        manager = TestEngine.get().newManager();
    }

    @AfterAll
    static void close() {
        networks.close();
        manager.close();
    }

    /** What the reader sees before and after. */
    private record Edited(Map<String, String> before, Map<String, String> after) {
        double kept() {
            return before.keySet().stream().filter(name -> !name.equals(GLASSES)).mapToDouble(name -> before.get(name)
                    .equals(after.get(name)) ? 1 : 0).average().orElseThrow();
        }
    }

    private static Edited edit(String space, double learningRate, String prompt) {
        var request = (OptimizeRequest) new SubmissionReader().read(
                """
                        {"request": {"type": "optimize", "bundle": "avatar-128", "source": {"seed": 1}, "truncation": {"psi": 0.7},
                         "space": "%s", "prompt": "%s", "steps": 30, "learning_rate": %s, "l2_lambda": 0.001, "id_lambda": 0.005,
                         "preview_every": 0}}"""
                        .formatted(space, prompt, learningRate).getBytes(StandardCharsets.UTF_8))
                .submission().request();
        try (var optimization = new LatentOptimization(request, networks, new FakeInputs())) {
            while (!optimization.isDone()) {
                optimization.step();
            }
            var products = optimization.finish();
            return new Edited(read("before.png", products), read("after.png", products));
        }
    }

    private static Map<String, String> read(String name, List<Product> products) {
        return Attributes.of(networks, products.stream().filter(product -> product.name().equals(name)).findFirst()
                .orElseThrow().bytes(), manager);
    }

    @ParameterizedTest
    @CsvSource({"w, 0.1", "s, 0.2"})
    void facesGetGlassesWhereThePromptSaysSo(String space, double learningRate) {
        var face = edit(space, learningRate, "a person with round glasses");

        assertThat(face.before).doesNotContainEntry(GLASSES, ROUND);
        assertThat(face.after).containsEntry(GLASSES, ROUND);
        assertThat(face.kept()).as("kept of %s, now %s", face.before, face.after).isGreaterThanOrEqualTo(0.4);
    }

    @ParameterizedTest
    @CsvSource({"w, 0.1", "s, 0.2"})
    void andNoneWhereItSpeaksOfSomethingElse(String space, double learningRate) {
        var face = edit(space, learningRate, "a person wearing overalls");

        assertThat(face.after).doesNotContainEntry(GLASSES, ROUND);
    }
}
