package org.atelier.worker.nn.encoder;

import java.util.ArrayList;
import java.util.List;

import ai.djl.ndarray.NDArray;
import org.atelier.worker.nn.ConvolutionLayer;
import org.atelier.worker.nn.ConvolutionLayer.Form;
import org.atelier.worker.nn.EqualizedLinear;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.tensor.LeakyRelu;
import org.atelier.worker.tensor.Scope;

/** Makes one row of a latent out of a map: convolutions that halve it down to one pixel (pSp {@code GradualStyleBlock}). */
final class StyleBlock {
    /** PyTorch's default slope. */
    private static final LeakyRelu ACTIVATION = new LeakyRelu(0.01);

    private final List<ConvolutionLayer> convolutions = new ArrayList<>();

    private final EqualizedLinear linear;

    private final long width;

    /**
     * Loads the layers.
     *
     * @param inputs channels of the map
     * @param loader of {@code convs.0}, {@code convs.2} and so on, and {@code linear}
     */
    StyleBlock(long inputs, WeightLoader loader) {
        var convs = loader.in("convs");
        this.width = width(loader);
        long channels = inputs;
        for (int i = 0; i == 0 || convs.has(i + ".weight"); i += 2) {
            convolutions.add(ConvolutionLayer.withBias(convs.in(Integer.toString(i)), new Form(channels, width, 3, 2)));
            channels = width;
        }
        this.linear = new EqualizedLinear(loader.in("linear"), width, width, 1, null);
    }

    private static long width(WeightLoader loader) {
        var shape = loader.shape("linear.weight");
        return shape.isEmpty() ? 1 : shape.getFirst();
    }

    /** Numbers of the row. */
    long width() {
        return width;
    }

    /** Width and height of the map that it takes. */
    int size() {
        return 1 << convolutions.size();
    }

    /** Applies it: [N, C, size, size] to [N, width]. */
    NDArray apply(NDArray map) {
        return Scope.compute(() -> {
            var x = map;
            for (var convolution : convolutions) {
                x = ACTIVATION.apply(convolution.apply(x));
            }
            return linear.apply(x.reshape(map.getShape().get(0), width));
        });
    }
}
