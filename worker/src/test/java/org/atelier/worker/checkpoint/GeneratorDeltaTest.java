package org.atelier.worker.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.io.RefusedFileException;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.tensor.Scope;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class GeneratorDeltaTest {
    private static final Path BUNDLE = Path.of("../models/avatar-128");
    private static final String REFERENCE = "avatar-128@3";
    private static final String WEIGHT = "synthesis.b16.conv0.weight";

    private static NDManager manager;
    private static BundleNetworks networks;

    @BeforeAll
    static void open() {
        manager = TestEngine.get().newManager();
        networks = BundleNetworks.open(BUNDLE, TestEngine.get());
    }

    @AfterAll
    static void close() {
        networks.close();
        manager.close();
    }

    private static NDArray picture(BundleNetworks of) {
        var generator = of.generator();
        return Scope.computeFor(manager, () -> generator.render(generator.truncate(generator.meanLatent().expandDims(
                0), 1, 0), Noise.STORED));
    }

    private static GeneratorDelta doubled(String bundle) {
        var weight = networks.generator().parameters().get(WEIGHT);
        return Scope.call(() -> GeneratorDelta.read("delta", GeneratorDelta.differences(bundle, Map.of(WEIGHT, weight
                .mul(2)), networks.generator().parameters(), Map.of("prompt", "twice"))));
    }

    private static GeneratorDelta multipliers(NDArray values) {
        return GeneratorDelta.read("multipliers", GeneratorDelta.multipliers(REFERENCE, Map.of(WEIGHT.replace(
                ".weight", ""), values), Map.of()));
    }

    @Test
    void theTunedGeneratorHasTheBundlesWeightsPlusTheDifference() {
        try (var tuned = networks.tuned(doubled(REFERENCE))) {
            var base = networks.generator().parameters();
            tuned.generator().parameters().forEach((name, weight) -> assertThat(weight.toFloatArray()).as(name)
                    .isEqualTo(name.equals(WEIGHT)
                            ? base.get(name).mul(2).toFloatArray()
                            : base.get(name).toFloatArray()));
        }
    }

    @Test
    void everythingButTheGeneratorIsShared() {
        var before = picture(networks);
        try (var tuned = networks.tuned(doubled(REFERENCE))) {
            assertThat(tuned.clip().orElseThrow().network()).isSameAs(networks.clip().orElseThrow().network());
            assertThat(tuned.reader()).containsSame(networks.reader().orElseThrow());
            assertThat(tuned.generator()).isNotSameAs(networks.generator());
        }
        assertThat(picture(networks).toFloatArray()).isEqualTo(before.toFloatArray());
        assertThat(networks.clip().orElseThrow().network().parameters().values()).noneMatch(NDArray::isReleased);
    }

    @Test
    void multipliersScaleTheChannelsOfAnInput() {
        long inputs = networks.generator().parameters().get(WEIGHT).getShape().get(1);
        var values = manager.ones(new Shape(inputs));
        values.set(new NDIndex(3), 0.5f);
        try (var tuned = networks.tuned(multipliers(values))) {
            var base = networks.generator().parameters().get(WEIGHT);
            var weight = tuned.generator().parameters().get(WEIGHT);
            assertThat(weight.get(":, 3").toFloatArray()).isEqualTo(base.get(":, 3").mul(0.5).toFloatArray());
            assertThat(weight.get(":, 4:").toFloatArray()).isEqualTo(base.get(":, 4:").toFloatArray());
        }
    }

    @Test
    void anotherBundleOrShapeIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> networks.tuned(doubled("other@1"))).withMessageContaining(
                "belongs to the bundle other@1, not to avatar-128@3");
        assertThatIllegalArgumentException().isThrownBy(() -> networks.tuned(multipliers(manager.ones(new Shape(5)))))
                .withMessageContaining("in the shape [5]");
        var unknown = GeneratorDelta.read("delta", GeneratorDelta.multipliers(REFERENCE, Map.of("synthesis.b9.conv0",
                manager.ones(new Shape(5))), Map.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> networks.tuned(unknown)).withMessageContaining(
                "synthesis.b9.conv0.weight, which the generator of avatar-128@3 does not have");
    }

    @Test
    void otherFilesAreRefused() {
        var latent = SafetensorsWriter.bytes(Map.of("w", manager.ones(new Shape(1))), Map.of("bundle", REFERENCE));
        assertThatThrownBy(() -> GeneratorDelta.read("latent", latent)).isInstanceOf(RefusedFileException.class)
                .hasMessageContaining("is no tuned generator");
        assertThatThrownBy(() -> GeneratorDelta.read("text", "hello".getBytes(StandardCharsets.UTF_8))).isInstanceOf(
                RefusedFileException.class);
    }
}
