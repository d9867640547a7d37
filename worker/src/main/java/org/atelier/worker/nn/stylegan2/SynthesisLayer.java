package org.atelier.worker.nn.stylegan2;

import java.util.Optional;

import ai.djl.ndarray.NDArray;
import org.atelier.worker.nn.EqualizedLinear;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.tensor.Derived;
import org.atelier.worker.tensor.LeakyRelu;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;

/**
 * One layer of the synthesis network: modulated convolution, noise, bias, leaky ReLU (StyleGAN2, figure 2; NVlabs
 * {@code SynthesisLayer}). The gain of sqrt(2) after the leaky ReLU is folded into everything before it.
 */
final class SynthesisLayer {
    private static final double GAIN = Math.sqrt(2);

    private final String name;
    private final int resolution;
    private final int inputs;
    private final EqualizedLinear affine;
    private final ModulatedConvolution convolution;
    private final LeakyRelu activation;
    private final NDArray noiseStrength;
    private final Derived storedNoise;
    private final Derived bias;

    /**
     * Loads the layer.
     *
     * @param name       of the layer, {@code synthesis.b8.conv0}
     * @param loader     of this layer: {@code weight} [O, I, 3, 3], {@code affine.*}, {@code bias} [O],
     *                   {@code noise_const} [H, W], {@code noise_strength} []
     * @param resolution of the result
     * @param upsamples  whether the result is twice the size of the input
     */
    SynthesisLayer(
            String name,
            WeightLoader loader,
            StyleGan2Config config,
            int resolution,
            int inputs,
            int outputs,
            boolean upsamples) {
        var weight = loader.take("weight", outputs, inputs, 3, 3);
        var kernel = upsamples
                ? new UpsamplingKernel(weight, config.resampleFilter(), loader.manager())
                : ModulatedConvolution.sameSize(weight);
        var noise = loader.take("noise_const", resolution, resolution);
        loader.ignore("resample_filter");
        this.name = name;
        this.resolution = resolution;
        this.inputs = inputs;
        this.affine = new EqualizedLinear(loader.in("affine"), config.wSize(), inputs, 1, null);
        this.convolution = new ModulatedConvolution(weight, kernel, GAIN, loader.manager());
        this.activation = new LeakyRelu(StyleGan2Config.SLOPE, config.convClamp());
        this.noiseStrength = loader.take("noise_strength");
        this.storedNoise = new Derived(() -> Scalars.mul(noise.mul(noiseStrength), GAIN), noise, noiseStrength);
        this.bias = Derived.of(loader.take("bias", outputs), b -> Scalars.mul(b, GAIN));
    }

    String name() {
        return name;
    }

    int resolution() {
        return resolution;
    }

    /**
     * The style of this layer.
     *
     * @param w [N, C]
     * @return [N, I]
     */
    NDArray style(NDArray w) {
        return affine.apply(w);
    }

    /**
     * Applies the layer.
     *
     * @param x     [N, I, H, W]
     * @param style [N, I]
     * @return [N, O, resolution, resolution]
     */
    NDArray apply(NDArray x, NDArray style, Noise noise) {
        Shapes.require("style of " + name + " [N, I]", style, x.getShape().get(0), inputs);
        return Scope.compute(() -> {
            var y = convolution.apply(x, style, bias.get());
            scaled(noise).ifPresent(y::addi);
            return activation.apply(y);
        });
    }

    private Optional<NDArray> scaled(Noise noise) {
        return switch (noise) {
            case Noise.Stored s -> Optional.of(storedNoise.get());
            case Noise.None n -> Optional.empty();
            case Noise.Given given -> {
                var map = given.maps().get(name);
                if (map == null) {
                    throw new IllegalArgumentException("there is no noise map for " + name);
                }
                Shapes.require("noise of " + name + " [N, 1, H, W]", map, Shapes.ANY, 1, resolution, resolution);
                yield Optional.of(Scalars.mul(map.mul(noiseStrength), GAIN));
            }
        };
    }
}
