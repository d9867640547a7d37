package org.atelier.worker.nn.stylegan3;

import ai.djl.ndarray.NDArray;
import org.atelier.worker.nn.EqualizedLinear;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.tensor.Derived;
import org.atelier.worker.tensor.LeakyRelu;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;
import org.jspecify.annotations.Nullable;

/**
 * One layer of the synthesis network: modulated convolution, bias, leaky ReLU between filters (StyleGAN3, figure 4; NVlabs
 * {@code SynthesisLayer}); the last one turns to colours and has neither demodulation nor filters.
 */
final class SynthesisLayer {
    private static final double SLOPE = 0.2;
    private static final double GAIN = Math.sqrt(2);

    private final String name;
    private final LayerPlan plan;
    private final EqualizedLinear affine;
    private final ModulatedConvolution convolution;
    private final NDArray bias;
    private final LeakyRelu activation;

    /** None in the last layer. */
    private final @Nullable FilteredLeakyRelu filtered;

    /**
     * Loads the layer.
     *
     * @param synthesis loader of {@code synthesis}; of this layer it takes {@code weight} [O, I, k, k], {@code bias} [O],
     *                  {@code magnitude_ema} [] (the tracked mean square of the input), {@code affine.*}, and the filters
     *                  where they are stored
     */
    SynthesisLayer(LayerPlan plan, StyleGan3Config config, WeightLoader synthesis) {
        var loader = synthesis.in(plan.name());
        var manager = loader.manager();
        int k = plan.kernelSize();
        var weight = loader.take("weight", plan.outputs(), plan.inputs(), k, k);
        var magnitude = loader.take("magnitude_ema");
        this.name = "synthesis." + plan.name();
        this.plan = plan;
        this.affine = new EqualizedLinear(loader.in("affine"), config.mapping().wSize(), plan.inputs(), 1, null);
        this.convolution = new ModulatedConvolution(weight, Derived.of(magnitude, m -> Scalars.pow(m, -0.5)), !plan
                .colours(),
                1 / Math.sqrt((double) plan.inputs() * k * k), k - 1, manager);
        this.bias = loader.take("bias", plan.outputs());
        this.activation = new LeakyRelu(plan.colours() ? 1 : SLOPE, config.convClamp());
        var stored = new StoredFilters(name, loader);
        if (plan.colours()) {
            this.filtered = null;
            return;
        }
        stored.check("up_filter", plan.upTaps());
        stored.check("down_filter", plan.downTaps());
        this.filtered = new FilteredLeakyRelu(new FilteredLeakyRelu.Form(plan.inputSize() + k - 1, plan.outputSize(),
                plan.up(), plan.down(), plan.paddingLow(), GAIN), plan.upFilter().separable(), plan.downTaps(),
                activation, plan.outputs(), manager);
    }

    /** Published name. */
    String name() {
        return name;
    }

    /**
     * The style of this layer, before any gain.
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
     * @param x     [N, I, inputSize, inputSize]
     * @param style [N, I]
     * @return [N, O, outputSize, outputSize]
     */
    NDArray apply(NDArray x, NDArray style) {
        Shapes.require("style of " + name + " [N, I]", style, x.getShape().get(0), plan.inputs());
        return Scope.compute(() -> {
            var y = convolution.apply(x, style, bias);
            return filtered == null ? activation.apply(y) : filtered.apply(y);
        });
    }
}
