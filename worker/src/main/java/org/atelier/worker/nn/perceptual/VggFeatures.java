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

/** The convolutions of VGG16 (Simonyan and Zisserman 2015), with any widths, in torchvision's names {@code features.N}. */
final class VggFeatures {
    private static final int COLOURS = 3;

    /** Convolutions of each stage; a pooling follows each. */
    private static final List<Integer> STAGES = List.of(2, 2, 3, 3, 3);

    private final List<List<ConvolutionLayer>> stages = new ArrayList<>();

    /**
     * Loads the layers.
     *
     * @param widths channels of each stage
     */
    VggFeatures(List<Integer> widths, WeightLoader loader) {
        int inputs = COLOURS;
        int index = 0;
        for (int stage = 0; stage < STAGES.size(); stage++) {
            var convolutions = new ArrayList<ConvolutionLayer>();
            for (int i = 0; i < STAGES.get(stage); i++) {
                convolutions.add(ConvolutionLayer.withBias(loader.in("features." + index), new Form(inputs, widths.get(
                        stage), 3, 1)));
                inputs = widths.get(stage);
                index += 2; // the convolution and its ReLU
            }
            index++; // the pooling
            stages.add(convolutions);
        }
    }

    /**
     * Features after the last ReLU of each stage (torchvision's relu1_2, 2_2, 3_3, 4_3 and 5_3).
     *
     * @param x [N, 3, H, W]
     * @return [N, C, H / 2^stage, W / 2^stage] each
     */
    List<NDArray> taps(NDArray x) {
        var taps = new ArrayList<NDArray>();
        var y = x;
        for (var stage : stages) {
            if (!taps.isEmpty()) {
                y = pool(y);
            }
            for (var convolution : stage) {
                var input = y;
                y = Scope.compute(() -> Activation.relu(convolution.apply(input)));
            }
            taps.add(y);
        }
        return taps;
    }

    /** Features after the last pooling: [N, C, H / 32, W / 32]. */
    NDArray last(NDArray x) {
        return Scope.compute(() -> pool(taps(x).getLast()));
    }

    private static NDArray pool(NDArray x) {
        return Pool.maxPool2d(x, new Shape(2, 2), new Shape(2, 2), new Shape(0, 0), false);
    }
}
