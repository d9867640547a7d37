package org.atelier.worker.goldens;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.atelier.worker.TestEngine;
import org.atelier.worker.tensor.Scope;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Holds networks, operators, losses, optimisers and edits against numbers of the published code.
 *
 * <p>The folder is named by the system property {@code atelier.goldens}; without it, it is the project's own. Each golden
 * in it becomes a test: the {@link Check} that knows its kind builds the networks from its JSON and weight tables,
 * whatever their sizes, and computes its outputs. A golden of unknown kind fails, unless a test {@link Elsewhere}
 * computes it.
 */
class GoldensTest {
    private static final Path ROOT = Path.of(System.getProperty("atelier.goldens", "src/test/goldens"));

    private static final List<Check> CHECKS = List.of(new StyleGan2Check(), new StyleGan3Check(), new StyleGan1Check(),
            new RosinalityCheck(),
            new ClipCheck(),
            new TokenCheck(), new IdentityCheck(), new PreprocessCheck(), new OptimizerCheck(), new ScheduleCheck(),
            new IdentityLossCheck(), new LossCheck(), new LatentOptimizationCheck(), new StyleSpaceOptimizationCheck(),
            new PerceptualCheck(),
            new MapperCheck(), new MapperTrainingCheck(), new ProjectorCheck(), new EncoderCheck(), new RestyleCheck(),
            new AlignmentCheck(),
            new OperatorCheck(), new GlobalDirectionsCheck(), new BoundaryCheck(), new NadaCheck());

    @TestFactory
    Stream<DynamicTest> weightTables() throws IOException {
        try (var files = Files.list(ROOT.resolve("weights"))) {
            return files.filter(file -> Golden.json(file).has("sha256_concat_f32le"))
                    .sorted()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                        var weights = GeneratedWeights.of(Golden.json(file));
                        assertThat(weights.actualSha256()).isEqualTo(weights.expectedSha256());
                    }))
                    .toList()
                    .stream();
        }
    }

    @TestFactory
    Stream<DynamicTest> goldens() throws IOException {
        try (var files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".safetensors"))
                    .map(file -> Path.of(file.toString().replaceFirst("\\.safetensors$", ".json")))
                    .filter(Files::exists)
                    .sorted()
                    .map(file -> DynamicTest.dynamicTest(ROOT.relativize(file).toString(), () -> check(file)))
                    .toList()
                    .stream();
        }
    }

    /** Folders that hold no goldens but files; another test knows them. */
    @TestFactory
    Stream<DynamicTest> folders() throws IOException {
        try (var files = Files.walk(ROOT)) {
            return files.filter(file -> file.getParent() != null && !file.getParent().equals(ROOT))
                    .filter(Files::isRegularFile)
                    .map(file -> ROOT.relativize(file).getName(0).toString())
                    .distinct()
                    .sorted()
                    .map(group -> DynamicTest.dynamicTest(group, () -> assertThat(isKnown(group)).as(
                            "a test for the goldens of " + group).isTrue()))
                    .toList()
                    .stream();
        }
    }

    private static boolean isKnown(String group) throws IOException {
        if (group.equals("weights") || Elsewhere.computes(group + "/")) {
            return true;
        }
        try (var files = Files.list(ROOT.resolve(group))) {
            return files.anyMatch(file -> file.toString().endsWith(".safetensors"));
        }
    }

    private static void check(Path file) {
        try (var golden = new Golden(ROOT, file)) {
            var check = CHECKS.stream().filter(candidate -> candidate.knows(golden)).findFirst();
            assertThat(check).as("a test that knows the kind of " + golden.id()).isPresent();
            var verdict = new Verdict(golden);
            Scope.run(() -> {
                try (var manager = TestEngine.get().newManager()) {
                    check.orElseThrow().run(golden, verdict, manager);
                }
            });
            assertThat(verdict.failures()).as(golden.id()).isEmpty();
        }
    }
}
