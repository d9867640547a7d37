package org.atelier.worker.nn.perceptual;

import java.util.ArrayList;
import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.pooling.Pool;
import org.atelier.worker.nn.ConvolutionLayer;
import org.atelier.worker.nn.ConvolutionLayer.Form;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.tensor.Scope;

/** The convolutions of a {@link Backbone}, with any widths, in torchvision's names {@code features.N}. */
final class Features {
    private static final int COLOURS = 3;

    private final Backbone backbone;

    private final List<List<ConvolutionLayer>> stages = new ArrayList<>();

    private final List<Integer> widths = new ArrayList<>();

    /** Loads the layers; their widths are those of the weights. */
    Features(Backbone backbone, WeightLoader loader) {
        this.backbone = backbone;
        int inputs = COLOURS;
        for (var stage : backbone.stages()) {
            var convolutions = new ArrayList<ConvolutionLayer>();
            for (var kernel : stage.kernels()) {
                var layer = loader.in("features." + kernel.index());
                int outputs = layer.has("weight") ? Math.toIntExact(layer.shape("weight").getFirst()) : inputs;
                convolutions.add(ConvolutionLayer.withBias(layer, new Form(inputs, outputs, kernel.size(), kernel
                        .stride(), kernel.padding())));
                inputs = outputs;
            }
            widths.add(inputs);
            stages.add(convolutions);
        }
    }

    /** Channels of each tap. */
    List<Integer> widths() {
        return widths;
    }

    /**
     * Features after the last ReLU of each stage.
     *
     * @param x [N, 3, H, W]
     * @return [N, C, H', W'] each
     */
    List<NDArray> taps(NDArray x) {
        var taps = new ArrayList<NDArray>();
        var y = x;
        for (int stage = 0; stage < stages.size(); stage++) {
            if (backbone.stages().get(stage).pooled()) {
                y = pool(y);
            }
            for (var convolution : stages.get(stage)) {
                var input = y;
                y = Scope.compute(() -> Activation.relu(convolution.apply(input)));
            }
            taps.add(y);
        }
        return taps;
    }

    /** Features after the last pooling: for VGG16 [N, C, H / 32, W / 32]. */
    NDArray last(NDArray x) {
        return Scope.compute(() -> pool(taps(x).getLast()));
    }

    private NDArray pool(NDArray x) {
        int window = backbone.window();
        return Pool.maxPool2d(x, new Shape(window, window), new Shape(2, 2), new Shape(0, 0), false);
    }
}
