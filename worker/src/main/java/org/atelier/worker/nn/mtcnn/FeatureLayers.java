package org.atelier.worker.nn.mtcnn;

import java.util.ArrayList;
import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.nn.face.PRelu;
import org.atelier.worker.tensor.Convolution;
import org.atelier.worker.tensor.Scope;

/** The convolutions that all three networks begin with: no padding, a stride of one, PReLU, and mostly max pooling. */
final class FeatureLayers {
    private static final int COLOURS = 3;

    private final List<Layer> layers = new ArrayList<>();

    /**
     * Sizes of a layer.
     *
     * @param outputs channels after it
     * @param kernel  width and height of its kernel
     * @param pool    width and height of the windows of which the maximum is taken, every second of them; the last one may
     *                reach over the edge. 0: no pooling
     */
    record Form(int outputs, int kernel, int pool) {}

    private record Layer(NDArray weight, NDArray bias, PRelu activation, int pool) {
        NDArray apply(NDArray x) {
            var y = activation.apply(Convolution.conv2d(x, weight, bias, 1, 0));
            return pool == 0
                    ? y
                    : Pool.maxPool2d(y, new Shape(pool, pool), new Shape(2, 2), new Shape(0, 0), true);
        }
    }

    /** Loads {@code conv1}, {@code prelu1}, {@code conv2} and so on. */
    FeatureLayers(WeightLoader loader, List<Form> forms) {
        int inputs = COLOURS;
        for (int i = 1; i <= forms.size(); i++) {
            var form = forms.get(i - 1);
            var convolution = loader.in("conv" + i);
            layers.add(new Layer(convolution.take("weight", form.outputs, inputs, form.kernel, form.kernel), convolution
                    .take("bias", form.outputs), new PRelu(loader.in("prelu" + i), form.outputs), form.pool));
            inputs = form.outputs;
        }
    }

    /**
     * Applies the layers.
     *
     * @param x [N, 3, H, W]
     * @return [N, C, H', W']
     */
    NDArray apply(NDArray x) {
        var y = x;
        for (var layer : layers) {
            var input = y;
            y = Scope.compute(() -> layer.apply(input));
        }
        return y;
    }
}
