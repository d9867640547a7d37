package org.atelier.worker.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import org.atelier.worker.tensor.LeakyRelu;
import org.atelier.worker.tensor.Precision;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;
import org.jspecify.annotations.Nullable;

/**
 * Turns z, and the label of a conditional generator, into w (StyleGAN, section 2; NVlabs {@code MappingNetwork}).
 *
 * <p>It computes in double precision. Trained mapping networks are badly conditioned: in single precision the order of a sum
 * moves w by 5e-5, which is enough to flip units of the synthesis and to make a gradient differ by parts in a thousand. This
 * network is a thousandth of a step, so exactness costs nothing.
 */
public final class MappingNetwork {
    private static final LeakyRelu ACTIVATION = new LeakyRelu(0.2);
    /** Inside the root of the normalisation of z. */
    private static final double EPSILON = 1e-8;

    private final Form form;

    private final NDArray mean;

    private final @Nullable EqualizedLinear embedding;

    private final List<EqualizedLinear> layers = new ArrayList<>();

    /**
     * Sizes of a mapping network.
     *
     * @param zSize          of z
     * @param labelSize      of the label of a conditional generator ({@code c_dim}); 0: not conditional
     * @param wSize          of w
     * @param layers         fully connected layers
     * @param width          features of the hidden ones
     * @param learningFactor learning-rate multiplier, which also divides the stored weights ({@code lr_multiplier})
     */
    public record Form(int zSize, int labelSize, int wSize, int layers, int width, double learningFactor) {
        /** Learning-rate multiplier of every published mapping network. */
        public static final double LEARNING_FACTOR = 0.01;
    }

    private MappingNetwork(Form form, NDArray mean, @Nullable EqualizedLinear embedding) {
        this.form = form;
        this.mean = mean;
        this.embedding = embedding;
    }

    /**
     * Loads that of a StyleGAN2 or 3.
     *
     * @param loader of {@code mapping}: {@code fc0.*} and so on, {@code w_avg}, {@code embed.*} of a conditional one
     */
    public static MappingNetwork load(Form form, WeightLoader loader) {
        boolean conditional = form.labelSize > 0;
        var mapping = new MappingNetwork(form, loader.take("w_avg", form.wSize), conditional
                ? EqualizedLinear.inDoublePrecision(loader.in("embed"), form.labelSize, form.wSize, 1, null)
                : null);
        mapping.addLayers(form.zSize + (conditional ? form.wSize : 0), (i, sizes) -> EqualizedLinear
                .inDoublePrecision(loader.in("fc" + i), sizes.inputs, sizes.outputs, form.learningFactor, ACTIVATION));
        return mapping;
    }

    /**
     * Loads that of a StyleGAN.
     *
     * @param loader of {@code mapping}: {@code dense0.*} and so on
     * @param mean   mean latent [C]
     */
    public static MappingNetwork ofFirstStyleGan(Form form, WeightLoader loader, NDArray mean) {
        var mapping = new MappingNetwork(form, mean, null);
        mapping.addLayers(form.zSize, (i, sizes) -> EqualizedLinear.ofFirstStyleGan(loader.in("dense" + i),
                sizes.inputs, sizes.outputs, form.learningFactor, ACTIVATION));
        return mapping;
    }

    private record Sizes(int inputs, int outputs) {}

    private void addLayers(int firstInputs, BiFunction<Integer, Sizes, EqualizedLinear> layer) {
        int inputs = firstInputs;
        for (int i = 0; i < form.layers; i++) {
            int outputs = i == form.layers - 1 ? form.wSize : form.width;
            layers.add(layer.apply(i, new Sizes(inputs, outputs)));
            inputs = outputs;
        }
    }

    /** See {@link Generator#map(NDArray)}. */
    public NDArray map(NDArray z) {
        if (embedding != null) {
            throw new IllegalArgumentException("this generator is conditional: it needs a label [N, " + form.labelSize
                    + "] beside z");
        }
        return Scope.compute(() -> through(normalized(z)));
    }

    /** See {@link Generator#map(NDArray, NDArray)}. */
    public NDArray map(NDArray z, NDArray label) {
        if (embedding == null) {
            throw new IllegalArgumentException("this generator is not conditional: it takes no label");
        }
        Shapes.require("label [N, K]", label, z.getShape().get(0), form.labelSize);
        return Scope.compute(() -> through(NDArrays.concat(new NDList(normalized(z), normalizeSecondMoment(embedding
                .apply(Precision.toDouble(label)))), 1)));
    }

    private NDArray normalized(NDArray z) {
        Shapes.require("z [N, Z]", z, Shapes.ANY, form.zSize);
        return normalizeSecondMoment(Precision.toDouble(z));
    }

    private NDArray through(NDArray input) {
        var x = input;
        for (var layer : layers) {
            x = layer.apply(x);
        }
        return Precision.toSingle(x);
    }

    /** Scales each row to a root mean square of 1. */
    public static NDArray normalizeSecondMoment(NDArray x) {
        return x.div(x.square().mean(new int[]{1}, true).add(EPSILON).sqrt());
    }

    /** Its sizes. */
    public Form form() {
        return form;
    }

    /** The mean w that was tracked in training: [C]. */
    public NDArray mean() {
        return mean;
    }
}
