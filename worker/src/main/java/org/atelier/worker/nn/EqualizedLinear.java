package org.atelier.worker.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.core.Linear;
import org.atelier.worker.tensor.Derived;
import org.atelier.worker.tensor.LeakyRelu;
import org.atelier.worker.tensor.Scalars;
import org.jspecify.annotations.Nullable;

/**
 * A fully connected layer with equalised learning rate: the stored weights are those for inputs of unit variance
 * (Progressive GAN, section 4.1; NVlabs {@code FullyConnectedLayer}).
 */
public final class EqualizedLinear {
    /** Of a leaky ReLU. */
    private static final double GAIN = Math.sqrt(2);

    private final Derived weight;
    private final Derived bias;
    private final @Nullable LeakyRelu activation;

    /**
     * Loads the layer.
     *
     * @param loader         of this layer: {@code weight} [O, I], {@code bias} [O]
     * @param learningFactor learning-rate multiplier, which also divides the stored weights
     * @param activation     and its gain of sqrt(2), or none
     */
    public EqualizedLinear(
            WeightLoader loader,
            long inputs,
            long outputs,
            double learningFactor,
            @Nullable LeakyRelu activation) {
        this(loader, inputs, outputs, activation, learningFactor * (activation == null ? 1 : GAIN), learningFactor
                * (activation == null ? 1 : GAIN));
    }

    private EqualizedLinear(
            WeightLoader loader,
            long inputs,
            long outputs,
            @Nullable LeakyRelu activation,
            double weightGain,
            double biasGain) {
        this.weight = Derived.of(loader.take("weight", outputs, inputs), w -> Scalars.mul(w, weightGain / Math.sqrt(
                inputs)));
        this.bias = Derived.of(loader.take("bias", outputs), b -> Scalars.mul(b, biasGain));
        this.activation = activation;
    }

    /** The layer of a StyleGAN, where the weight alone, and not the bias, has the gain of sqrt(2). */
    static EqualizedLinear ofFirstStyleGan(WeightLoader loader, long inputs, long outputs, double learningFactor,
            LeakyRelu activation) {
        return new EqualizedLinear(loader, inputs, outputs, activation, learningFactor * GAIN, learningFactor);
    }

    /**
     * Applies the layer.
     *
     * @param x [..., I]
     * @return [..., O]
     */
    public NDArray apply(NDArray x) {
        var y = Linear.linear(x, weight.get(), bias.get()).singletonOrThrow();
        return activation == null ? y : activation.apply(y);
    }
}
