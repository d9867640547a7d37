package org.atelier.worker.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.core.Linear;
import org.atelier.worker.tensor.Derived;
import org.atelier.worker.tensor.LeakyRelu;
import org.atelier.worker.tensor.Precision;
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
                * (activation == null ? 1 : GAIN), DataType.FLOAT32);
    }

    private EqualizedLinear(
            WeightLoader loader,
            long inputs,
            long outputs,
            @Nullable LeakyRelu activation,
            double weightGain,
            double biasGain,
            DataType precision) {
        this.weight = Derived.of(loader.take("weight", outputs, inputs), w -> Scalars.mul(inPrecision(w, precision),
                weightGain / Math.sqrt(inputs)));
        this.bias = Derived.of(loader.take("bias", outputs), b -> Scalars.mul(inPrecision(b, precision), biasGain));
        this.activation = activation;
    }

    private static NDArray inPrecision(NDArray parameter, DataType precision) {
        return precision == DataType.FLOAT64 ? Precision.toDouble(parameter) : parameter;
    }

    /** A layer whose input and output are doubles, with the gain of sqrt(2) where it has an activation. */
    static EqualizedLinear inDoublePrecision(WeightLoader loader, long inputs, long outputs, double learningFactor,
            @Nullable LeakyRelu activation) {
        double gain = learningFactor * (activation == null ? 1 : GAIN);
        return new EqualizedLinear(loader, inputs, outputs, activation, gain, gain, DataType.FLOAT64);
    }

    /** Like that, of a StyleGAN, where the weight alone, and not the bias, has the gain of sqrt(2). */
    static EqualizedLinear ofFirstStyleGan(WeightLoader loader, long inputs, long outputs, double learningFactor,
            LeakyRelu activation) {
        return new EqualizedLinear(loader, inputs, outputs, activation, learningFactor * GAIN, learningFactor,
                DataType.FLOAT64);
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
