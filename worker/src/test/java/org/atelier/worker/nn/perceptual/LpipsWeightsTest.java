package org.atelier.worker.nn.perceptual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import org.atelier.worker.TestEngine;
import org.atelier.worker.nn.NamedArrays;
import org.atelier.worker.nn.WeightMismatchException;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.nn.perceptual.Lpips.Scaling;
import org.atelier.worker.tensor.RandomState;
import org.junit.jupiter.api.Test;

/** One AlexNet of small widths in every published layout: each gives the same distance. */
class LpipsWeightsTest {
    private static final int SIZE = 35;

    private final NamedArrays torchvision = torchvision();

    private static NamedArrays torchvision() {
        var weights = new NamedArrays();
        int inputs = 3;
        int outputs = 4;
        int tap = 0;
        for (var stage : Backbone.ALEXNET.stages()) {
            for (var kernel : stage.kernels()) {
                weights.random("features." + kernel.index() + ".weight", outputs, inputs, kernel.size(), kernel.size());
                weights.random("features." + kernel.index() + ".bias", outputs);
                weights.filled("lin" + tap++ + ".model.1.weight", 0.5 / tap, 1, outputs, 1, 1);
                inputs = outputs;
                outputs += 2;
            }
        }
        return weights;
    }

    private static float distance(Weights weights) {
        try (var lpips = Lpips.load(Backbone.ALEXNET, Scaling.PUBLISHED, weights, TestEngine.get());
                var manager = TestEngine.get().newManager()) {
            var numbers = new RandomState(1).randnFloat(2 * 3 * SIZE * SIZE);
            var pictures = manager.create(numbers, new Shape(2, 3, SIZE, SIZE)).clip(-1, 1);
            return lpips.distance(pictures.get("0:1"), pictures.get("1:2")).getFloat();
        }
    }

    @Test
    void layersOfTorchvisionWithTheirClassifier() {
        float plain = distance(torchvision);
        assertThat(plain).isPositive();
        assertThat(distance(torchvision().random("classifier.1.weight", 2, 3).random("classifier.1.bias", 2)))
                .isEqualTo(
                        plain);
    }

    @Test
    void wholeModule() {
        var module = torchvision.renamed(name -> name.replaceFirst("features\\.(0)\\.", "net.slice1.$1.")
                .replaceFirst("features\\.(3)\\.", "net.slice2.$1.")
                .replaceFirst("features\\.(6|8|10)\\.", "net.slice3.$1."));
        torchvision.values().keySet().stream().filter(name -> name.startsWith("lin")).forEach(name -> module.values()
                .put(name.replaceFirst("lin(\\d)", "lins.$1"), torchvision.values().get(name)));
        torchvision.shapes().forEach((name, shape) -> module.shapes().put(name.replaceFirst("lin(\\d)", "lins.$1"),
                shape));
        module.filled("scaling_layer.shift", 0, 1, 3, 1, 1).filled("scaling_layer.scale", 1, 1, 3, 1, 1);
        assertThat(distance(module)).isEqualTo(distance(torchvision));
    }

    @Test
    void copyOfPsp() {
        var copy = torchvision.renamed(name -> name.replaceFirst("features\\.", "net.layers.")
                .replaceFirst("lin(\\d)\\.model", "lin.$1"));
        assertThat(distance(copy.filled("net.mean", 0, 1, 3, 1, 1).filled("net.std", 1, 1, 3, 1, 1))).isEqualTo(
                distance(torchvision));
    }

    @Test
    void missingLayersAreNamed() {
        assertThatThrownBy(() -> distance(torchvision.without("features.8.bias")))
                .isInstanceOf(WeightMismatchException.class)
                .hasMessageContaining("features.8.bias");
    }
}
