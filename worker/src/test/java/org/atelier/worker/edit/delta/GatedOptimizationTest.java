package org.atelier.worker.edit.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.error.JobException;
import org.atelier.common.job.DeltaApplyRequest;
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
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Picture;
import org.atelier.worker.tensor.Scope;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Edits with the delta mapper of the bundle that comes with the project. */
class GatedOptimizationTest {
    private static final String GLASSES = "a person with round glasses";
    private static final double GATES = 0;
    private static final double EXCHANGE = OptimizeRequest.Gates.SHARE;

    private static BundleNetworks networks;
    private static Judge judge;

    @BeforeAll
    static void open() {
        networks = BundleNetworks.open(Path.of("../models/avatar-128"), TestEngine.get());
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

    private static Reading read(Picture picture) {
        var values = new float[picture.rgb().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Byte.toUnsignedInt(picture.rgb()[i]) / 127.5f - 1;
        }
        try (var manager = TestEngine.get().newManager()) {
            return judge.read(HostArrays.of(manager, values, new Shape(1, picture.height(), picture.width(), 3))
                    .transpose(
                            0, 3, 1, 2)).getFirst();
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

    /** A prompt for each thing that faces differ in. */
    @ParameterizedTest
    @ValueSource(strings = {"a person with an eyepatch", "a man with a moustache", "a screaming person",
            "a winking person",
            "a person with angry eyebrows", "a completely bald person", "a person with blond hair",
            "a person wearing a hoodie"})
    void anExchangeDoesWhatTheWordsSay(String prompt) {
        try (var optimization = new GatedOptimization(request(prompt, 1, EXCHANGE), networks, new FakeInputs())) {
            var before = Scope.call(() -> read(optimization.picture()));
            optimization.step();
            var verdict = judge.judge(wish(prompt), before, Scope.call(() -> read(optimization.picture())));

            assertThat(judge.isOpen(wish(prompt), before)).as("it is not there before").isTrue();
            assertThat(verdict.reached()).isTrue();
            assertThat(verdict.kept()).as("kept, changed are %s", verdict.changed()).isGreaterThanOrEqualTo(0.8);
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
