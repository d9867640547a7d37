package org.atelier.worker.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.core.Linear;
import org.atelier.worker.tensor.Derived;
import org.atelier.worker.tensor.LeakyRelu;
import org.jspecify.annotations.Nullable;

/**
 * A fully connected layer with equalised learning rate: the stored weights are those for inputs of unit variance
 * (Progressive GAN, section 4.1; NVlabs {@code FullyConnectedLayer}).
 */
public final class EqualizedLinear {
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
        double gain = activation == null ? 1 : Math.sqrt(2);
        this.weight = Derived.of(loader.take("weight", outputs, inputs), w -> w.mul(gain * learningFactor / Math.sqrt(
                inputs)));
        this.bias = Derived.of(loader.take("bias", outputs), b -> b.mul(gain * learningFactor));
        this.activation = activation;
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
