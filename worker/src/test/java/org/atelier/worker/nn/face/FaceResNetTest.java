package org.atelier.worker.nn.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.TestEngine;
import org.atelier.worker.nn.NamedArrays;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.WeightMismatchException;
import org.atelier.worker.tensor.RandomState;
import org.junit.jupiter.api.Test;

/** A resnet_face18 of small widths, under arcface-pytorch's names. */
class FaceResNetTest {
    private static final int INPUT = 32;
    private static final int EMBEDDING = 5;

    private static void normalization(NamedArrays weights, String name, int channels) {
        weights.filled(name + ".weight", 1.1, channels).filled(name + ".bias", 0.1, channels)
                .filled(name + ".running_mean", 0.05, channels).filled(name + ".running_var", 0.8, channels)
                .filled(name + ".num_batches_tracked", 3);
    }

    private static NamedArrays weights(boolean excitation) {
        var weights = new NamedArrays().random("conv1.weight", 4, 1, 3, 3).filled("prelu.weight", 0.25, 1);
        normalization(weights, "bn1", 4);
        int inputs = 4;
        for (int layer = 1; layer <= 4; layer++) {
            int outputs = 4 * layer;
            for (int i = 0; i < 2; i++) {
                var unit = "layer" + layer + "." + i + ".";
                normalization(weights, unit + "bn0", inputs);
                normalization(weights, unit + "bn1", inputs);
                normalization(weights, unit + "bn2", outputs);
                weights.random(unit + "conv1.weight", inputs, inputs, 3, 3).random(unit + "conv2.weight", outputs,
                        inputs, 3, 3).filled(unit + "prelu.weight", 0.2, 1);
                if (layer > 1 && i == 0) {
                    weights.random(unit + "downsample.0.weight", outputs, inputs, 1, 1);
                    normalization(weights, unit + "downsample.1", outputs);
                }
                if (excitation) {
                    weights.random(unit + "se.fc.0.weight", 2, outputs).random(unit + "se.fc.0.bias", 2)
                            .filled(unit + "se.fc.1.weight", 0.25, 1)
                            .random(unit + "se.fc.2.weight", outputs, 2).random(unit + "se.fc.2.bias", outputs);
                }
                inputs = outputs;
            }
        }
        int grid = INPUT / 16;
        normalization(weights, "bn4", inputs);
        normalization(weights, "bn5", EMBEDDING);
        return weights.random("fc5.weight", EMBEDDING, inputs * grid * grid).random("fc5.bias", EMBEDDING);
    }

    @Test
    void embedsAndDifferentiates() {
        try (var network = FaceResNet.load(weights(true).renamed(name -> "module." + name), TestEngine.get());
                var manager = TestEngine.get().newManager();
                var view = network.view(48, manager);
                var tape = TestEngine.get().record()) {
            assertThat(network.input()).isEqualTo(INPUT);
            var image = tape.leaf(manager.create(new RandomState(3).randnFloat(2 * 3 * 48 * 48), new Shape(2, 3, 48,
                    48)));
            var embedding = network.embed(view.apply(image), Tap.NONE);
            tape.backward(embedding.get(":, 0").sum());
            assertThat(embedding.getShape()).isEqualTo(new Shape(2, EMBEDDING));
            assertThat(embedding.square().sum().getFloat()).isCloseTo(2, within(1e-5f));
            assertThat(image.getGradient().abs().sum().getFloat()).isPositive().isFinite();
        }
    }

    @Test
    void excitationIsOptional() {
        try (var network = FaceResNet.load(weights(false), TestEngine.get());
                var manager = TestEngine.get().newManager()) {
            NDArray grey = manager.create(new RandomState(3).randnFloat(INPUT * INPUT), new Shape(1, 1, INPUT, INPUT));
            assertThat(network.embed(grey, Tap.NONE).norm().getFloat()).isCloseTo(1, within(1e-5f));
        }
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> FaceResNet.load(weights(false).without("layer3.1.bn2.weight"), TestEngine.get()))
                .isInstanceOf(WeightMismatchException.class)
                .hasMessageContaining("layer3.1.bn2.weight");
    }

    /** Luma of a picture of one colour is the same everywhere, whatever the resize. */
    @Test
    void seesGrey() {
        try (var manager = TestEngine.get().newManager(); var view = new GreyView(50, 32, manager)) {
            var red = manager.create(new float[]{1, 0, 0}, new Shape(1, 3, 1, 1)).repeat(2, 50).repeat(3, 50);
            var grey = view.apply(red);
            assertThat(grey.getShape()).isEqualTo(new Shape(1, 1, 32, 32));
            assertThat(grey.min().getFloat()).isCloseTo(0.299f, within(1e-6f));
            assertThat(grey.max().getFloat()).isCloseTo(0.299f, within(1e-6f));
        }
    }
}
