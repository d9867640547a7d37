package org.atelier.worker.nn.stylegan2;

import ai.djl.ndarray.NDArray;
import org.atelier.worker.nn.EqualizedLinear;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.tensor.Convolution;
import org.atelier.worker.tensor.Derived;
import org.atelier.worker.tensor.LeakyRelu;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;

/**
 * Turns feature maps into colours: a modulated 1x1 convolution without demodulation (StyleGAN2, figure 7; NVlabs
 * {@code ToRGBLayer}). With three outputs it is cheaper to modulate the weights here than the activations.
 */
final class ToRgbLayer {
    static final int COLOURS = 3;

    private final String name;
    private final int inputs;
    private final EqualizedLinear affine;
    private final Derived weight;
    private final NDArray bias;
    private final LeakyRelu clamp;

    /** @param loader of this layer: {@code weight} [3, I, 1, 1], {@code affine.*}, {@code bias} [3] */
    ToRgbLayer(String name, WeightLoader loader, StyleGan2Config config, int inputs) {
        this.name = name;
        this.inputs = inputs;
        this.affine = new EqualizedLinear(loader.in("affine"), config.wSize(), inputs, 1, null);
        this.weight = Derived.of(loader.take("weight", COLOURS, inputs, 1, 1), w -> Scalars.mul(w.reshape(1,
                COLOURS, inputs).transpose(0, 2, 1), 1 / Math.sqrt(inputs)));
        this.bias = loader.take("bias", COLOURS);
        this.clamp = new LeakyRelu(1, config.convClamp());
    }

    String name() {
        return name;
    }

    /** The style of this layer, before the gain 1/sqrt(I) that is folded into the weight: [N, C] to [N, I]. */
    NDArray style(NDArray w) {
        return affine.apply(w);
    }

    /**
     * Applies the layer.
     *
     * @param x     [N, I, H, W]
     * @param style [N, I]
     * @return [N, 3, H, W]
     */
    NDArray apply(NDArray x, NDArray style) {
        long n = x.getShape().get(0);
        long h = x.getShape().get(2);
        long w = x.getShape().get(3);
        return Scope.compute(() -> {
            var modulated = style.reshape(n, inputs, 1).mul(weight.get());
            var colours = Convolution.toNhwc(x).reshape(n, h * w, inputs).matMul(modulated).addi(bias);
            return clamp.apply(Convolution.fromNhwc(colours.reshape(n, h, w, COLOURS)));
        });
    }
}
