package org.atelier.worker.edit.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.error.JobException;
import org.atelier.common.job.DeltaApplyRequest;
import org.atelier.common.job.DeltaTrainRequest;
import org.atelier.common.job.Input;
import org.atelier.common.job.JobId;
import org.atelier.common.job.OptimizeRequest;
import org.atelier.common.job.OptimizeRequest.Mode;
import org.atelier.common.job.Source;
import org.atelier.common.job.Truncation;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.BundleNetworks;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.edit.Edit;
import org.atelier.worker.edit.FakeInputs;
import org.atelier.worker.edit.Product;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.quality.Judge;
import org.atelier.worker.quality.Reading;
import org.atelier.worker.quality.Wish;
import org.atelier.worker.quality.WishList;
import org.atelier.worker.tensor.Scope;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Edits with the delta mapper of the bundle that comes with the project. */
class GatedOptimizationTest {
    private static final String GLASSES = "a person with round glasses";
    private static final Path BUNDLE = Path.of("../models/avatar-128");
    private static final double GATES = 0;
    private static final double EXCHANGE = OptimizeRequest.Gates.SHARE;

    private static BundleNetworks networks;
    private static Judge judge;

    @BeforeAll
    static void open() {
        networks = BundleNetworks.open(BUNDLE, TestEngine.get());
        judge = Judge.of(networks, WishList.of("avatar-128").orElseThrow());
    }

    @AfterAll
    static void close() {
        networks.close();
    }

    private static OptimizeRequest request(String prompt, int steps, double share) {
        return new OptimizeRequest("avatar-128", new Source.Seed(1), prompt, null, null, steps, null, null, null, null,
                null, null, Truncation.psi(0.7), null, 2, null, Mode.BEST, new OptimizeRequest.Gates(null, null, null,
                        share), null, null, null, null);
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

    private static Reading read(byte[] latent) {
        try (var file = SafetensorsFile.of("latent", latent); var manager = TestEngine.get().newManager()) {
            return Scope.call(() -> {
                NDArray image = networks.generator().render(file.read("w+", manager), Noise.STORED);
                return judge.read(image).getFirst();
            });
        }
    }

    private static Wish wish(String prompt) {
        return judge.list().wishes().stream().filter(wish -> wish.prompt().equals(prompt)).findFirst().orElseThrow();
    }

    private static byte[] before() {
        var request = new DeltaApplyRequest("avatar-128", null, null, List.of(new Source.Seed(1)), List.of("a person"),
                List.of(0.0), Truncation.psi(0.7), null);
        try (var application = new DeltaApplication(request, networks, new FakeInputs())) {
            return file(application.step().products(), "latent-0-0-0.safetensors");
        }
    }

    @Test
    void theBundlesMapperPutsOnGlassesInOneStep() {
        var request = new DeltaApplyRequest("avatar-128", null, null, List.of(new Source.Seed(1)), List.of(GLASSES),
                List.of(1.0), Truncation.psi(0.7), null);
        try (var application = new DeltaApplication(request, networks, new FakeInputs())) {
            var verdict = judge.judge(wish(GLASSES), read(before()), read(file(application.step().products(),
                    "latent-0-0-0.safetensors")));

            assertThat(verdict.reached()).isTrue();
            assertThat(verdict.kept()).as("kept, changed are %s", verdict.changed()).isGreaterThanOrEqualTo(0.6);
        }
    }

    @Test
    void gatesKeepWhatTheTextDoesNotAskFor() {
        try (var optimization = new GatedOptimization(request(GLASSES, 16, GATES), networks, new FakeInputs())) {
            var products = finish(optimization);
            var verdict = judge.judge(wish(GLASSES), read(before()), read(file(products, "latent.safetensors")));

            assertThat(verdict.reached()).isTrue();
            assertThat(verdict.kept()).as("kept, changed are %s", verdict.changed()).isGreaterThanOrEqualTo(0.7);
            assertThat(optimization.losses().getLast().length()).isLessThan(optimization.losses().getFirst().length());
            assertThat(products).extracting(Product::name).containsExactly("before.png", "after.png",
                    "before-after.png", "latent.safetensors", "losses.json", "losses.png");
        }
    }

    @Test
    void anExchangePutsOnGlassesAndNothingElse() {
        try (var optimization = new GatedOptimization(request(GLASSES, 3, EXCHANGE), networks, new FakeInputs())) {
            var products = finish(optimization);
            var verdict = judge.judge(wish(GLASSES), read(before()), read(file(products, "latent.safetensors")));

            assertThat(verdict.reached()).isTrue();
            assertThat(verdict.kept()).as("kept, changed are %s", verdict.changed()).isGreaterThanOrEqualTo(0.9);
            assertThat(optimization.losses().getLast().clip()).isLessThan(optimization.losses().getFirst().clip());
        }
    }

    /** The bundle's own mapper is such a file with more samples and steps: see docs/methods/delta.md. */
    @Test
    @Tag("long")
    void whatATrainingJobWritesIsWhatTheBundleHas() {
        var training = new JobId("training-1");
        var samples = new DeltaTrainRequest("avatar-128", 1_100, 0L, List.of(64), null, 50, 256, null, null, null);
        byte[] mapper;
        try (var job = new DeltaTraining(samples, networks, new FakeInputs())) {
            mapper = file(finish(job), DeltaMapperFile.NAME);
        }
        try (var made = SafetensorsFile.of("made", mapper);
                var bundled = SafetensorsFile.open(BUNDLE.resolve(Objects
                        .requireNonNull(networks.card().delta()).file()));
                var manager = TestEngine.get().newManager()) {
            assertThat(made.metadata()).containsOnlyKeys(bundled.metadata().keySet());
            var bank = bundled.names().stream().filter(name -> name.startsWith("bank.")).toList();
            assertThat(bank).hasSize(4);
            assertThat(made.names()).containsAll(bank);
            for (var name : bank) {
                var ours = made.readAsStored(name, manager);
                var theirs = bundled.readAsStored(name, manager);
                assertThat(ours.getDataType()).as(name).isEqualTo(theirs.getDataType());
                assertThat(ours.getShape().dimension()).as(name).isEqualTo(2);
            }
            assertThat(made.shape("bank.embeddings")).isEqualTo(new Shape(1_100, bundled.shape("bank.embeddings").get(
                    1)));
        }

        var request = new OptimizeRequest("avatar-128", new Source.Seed(1), GLASSES, null, null, 3, null, null, null,
                null, null, null, Truncation.psi(0.7), null, 0, null, Mode.BEST, new OptimizeRequest.Gates(
                        new Input.Result(training, null), null, null, EXCHANGE), null, null, null, null);
        try (var optimization = new GatedOptimization(request, networks, new FakeInputs().with(training,
                DeltaMapperFile.NAME, mapper))) {
            var verdict = judge.judge(wish(GLASSES), read(before()), read(file(finish(optimization),
                    "latent.safetensors")));

            assertThat(verdict.reached()).isTrue();
            assertThat(verdict.kept()).as("kept, changed are %s", verdict.changed()).isGreaterThanOrEqualTo(0.7);
        }
    }

    @Test
    void whatCannotBeEditedIsRefused() {
        var nothing = new OptimizeRequest("avatar-128", null, "a smile", null, null, 5, null, null, null, null, null,
                null, null, null, 0, null, Mode.BEST, null, null, null, null, null);

        assertThatThrownBy(() -> new GatedOptimization(nothing, networks, new FakeInputs())).isInstanceOf(
                JobException.class).hasMessageContaining("needs a source");
        assertThatThrownBy(() -> new GatedOptimization(request("hat ".repeat(60), 5, EXCHANGE), networks,
                new FakeInputs()))
                .isInstanceOf(JobException.class);
    }
}
