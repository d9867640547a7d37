package org.atelier.worker.nn.stylegan1;

import java.util.Optional;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.nn.EqualizedLinear;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.tensor.Convolution;
import org.atelier.worker.tensor.Derived;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.LeakyRelu;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;

/**
 * One layer of the synthesis network: convolution, noise, bias, leaky ReLU, adaptive instance normalisation (StyleGAN,
 * figure 1 and equation 1). The first has the learned constant in place of a convolution.
 *
 * <p>The first layer of a resolution doubles the size, by repeating pixels before the convolution and blurring after it.
 * The published code does both by one transposed convolution at high resolutions; that is the same as repeating pixels and
 * convolving with the kernel turned by 180 degrees, which is what happens here.
 */
final class StyledLayer {
    private static final LeakyRelu ACTIVATION = new LeakyRelu(0.2);
    /** Inside the root of the instance normalisation. */
    private static final double EPSILON = 1e-8;
    /** Taps of the blur along an axis; their sum is 4. */
    private static final float[] BLUR = {1, 2, 1};

    private final String name;
    private final int resolution;
    private final int outputs;
    private final Source source;
    private final EqualizedLinear affine;
    private final NDArray bias;
    private final NDArray noiseStrength;
    private final NDArray storedNoise;

    /** What a layer does before noise is added. */
    private interface Source {
        /**
         * Computes.
         *
         * @param x [N, I, H, W]
         * @return [N, O, resolution, resolution]
         */
        NDArray apply(NDArray x);
    }

    /**
     * Loads a layer.
     *
     * @param synthesis loader of {@code synthesis}; of this layer it takes {@code weight} [O, I, 3, 3] ({@code const}
     *                  [1, O, 4, 4] of the first), {@code bias} [O], {@code apply_noise.weight} [O],
     *                  {@code apply_noise.noise} [1, 1, H, W], {@code style.*}
     */
    StyledLayer(int index, StyleGan1Config config, WeightLoader synthesis) {
        var loader = synthesis.in("layer" + index);
        this.name = "synthesis.layer" + index;
        this.resolution = config.resolution(index);
        this.outputs = config.channels().get(index);
        this.source = index == 0 ? constant(loader) : convolution(index, config, loader);
        this.affine = new EqualizedLinear(loader.in("style"), config.mapping().wSize(), 2L * outputs, 1, null);
        this.bias = loader.take("bias", outputs);
        this.noiseStrength = loader.in("apply_noise").take("weight", outputs);
        this.storedNoise = loader.in("apply_noise").take("noise", 1, 1, resolution, resolution);
    }

    private Source constant(WeightLoader loader) {
        var constant = loader.take("const", 1, outputs, resolution, resolution);
        return x -> constant.repeat(0, x.getShape().get(0));
    }

    private Source convolution(int index, StyleGan1Config config, WeightLoader loader) {
        int inputs = config.channels().get(index - 1);
        boolean upsamples = index % 2 == 0;
        boolean turned = upsamples && resolution >= config.fusedFrom();
        double gain = Math.sqrt(2.0 / (inputs * 9));
        var kernel = Derived.of(loader.take("weight", outputs, inputs, 3, 3), w -> Convolution.channelsLast(Scalars.mul(
                turned
                        ? w.flip(2, 3)
                        : w, gain)));
        if (!upsamples) {
            return x -> Convolution.conv2d(x, kernel.get(), null, 1, 1);
        }
        var blur = blur(loader.manager());
        return x -> Convolution.depthwise(Convolution.conv2d(repeated(x), kernel.get(), null, 1, 1), blur, 1, 1);
    }

    private NDArray blur(NDManager manager) {
        int taps = BLUR.length;
        var kernel = new float[taps * taps];
        for (int i = 0; i < kernel.length; i++) {
            kernel[i] = BLUR[i / taps] * BLUR[i % taps] / 16;
        }
        try (var one = HostArrays.of(manager, kernel, new Shape(1, 1, taps, taps))) {
            return one.repeat(0, outputs);
        }
    }

    /** Every pixel four times. */
    private static NDArray repeated(NDArray x) {
        return Convolution.fromNhwc(Convolution.toNhwc(x).repeat(1, 2).repeat(2, 2));
    }

    /** Published name. */
    String name() {
        return name;
    }

    /** Width and height of the result, in pixels. */
    int resolution() {
        return resolution;
    }

    /**
     * The style of this layer: scales, to which 1 is added, and shifts.
     *
     * @param w [N, C]
     * @return [N, 2 O]
     */
    NDArray style(NDArray w) {
        return affine.apply(w);
    }

    /**
     * Applies the layer.
     *
     * @param x     [N, I, H, W]; of the first layer any array with the axis N
     * @param style [N, 2 O]
     * @return [N, O, resolution, resolution]
     */
    NDArray apply(NDArray x, NDArray style, Noise noise) {
        Shapes.require("style of " + name + " [N, 2 O]", style, x.getShape().get(0), 2L * outputs);
        return Scope.compute(() -> {
            var y = source.apply(x);
            var noisy = map(noise).map(map -> y.add(map.mul(perChannel(noiseStrength)))).orElse(y);
            return stylized(ACTIVATION.apply(noisy.add(perChannel(bias))), style);
        });
    }

    /** Adaptive instance normalisation (equation 1). */
    private NDArray stylized(NDArray x, NDArray style) {
        long n = x.getShape().get(0);
        var plane = new int[]{2, 3};
        double pixels = (double) resolution * resolution;
        var centred = x.sub(Scalars.div(x.sum(plane, true), pixels));
        var deviation = Scalars.div(centred.square().sum(plane, true), pixels).add(EPSILON).sqrt();
        var scale = style.get(":, :" + outputs).add(1).reshape(n, outputs, 1, 1);
        var shift = style.get(":, " + outputs + ":").reshape(n, outputs, 1, 1);
        return centred.mul(scale.div(deviation)).add(shift);
    }

    private static NDArray perChannel(NDArray values) {
        return values.reshape(1, -1, 1, 1);
    }

    private Optional<NDArray> map(Noise noise) {
        return switch (noise) {
            case Noise.Stored s -> Optional.of(storedNoise);
            case Noise.None n -> Optional.empty();
            case Noise.Given given -> {
                var map = given.maps().get(name);
                if (map == null) {
                    throw new IllegalArgumentException("there is no noise map for " + name);
                }
                Shapes.require("noise of " + name + " [N, 1, H, W]", map, Shapes.ANY, 1, resolution, resolution);
                yield Optional.of(map);
            }
        };
    }
}
