package org.atelier.worker.nn.stylegan2;

import java.util.Map;
import java.util.Set;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.TestEngine;
import org.atelier.worker.nn.EqualizedLinear;
import org.atelier.worker.nn.MappingNetwork;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.tensor.Convolution;
import org.atelier.worker.tensor.LeakyRelu;

/** Opens the operators of this package to tests of other packages, and states the slow, plain form of one of them. */
public final class StyleGan2Operators {
    private StyleGan2Operators() {}

    /** The product's modulated convolution: [N, I, H, W] and style [N, I] to [N, O, H', W']. */
    public static NDArray modulated(NDArray x, NDArray weight, NDArray style, boolean upsamples, NDManager manager) {
        var kernel = upsamples
                ? new UpsamplingKernel(weight, StyleGan2Config.RESAMPLE_FILTER, manager)
                : ModulatedConvolution.sameSize(weight);
        return new ModulatedConvolution(weight, kernel, 1, manager).apply(x, style, null);
    }

    /** The definition of a modulated convolution without demodulation: each picture with its own modulated weights. */
    public static NDArray modulatedWeights(NDArray x, NDArray weight, NDArray style) {
        var pictures = new NDList();
        for (long n = 0; n < x.getShape().get(0); n++) {
            var own = weight.mul(style.get(n).reshape(1, -1, 1, 1));
            pictures.add(Convolution.conv2d(x.get(n + ":" + (n + 1)), own, null, 1, 1));
        }
        return NDArrays.concat(pictures, 0);
    }

    /** See {@link MappingNetwork#normalizeSecondMoment}. */
    public static NDArray normalizeSecondMoment(NDArray x) {
        return MappingNetwork.normalizeSecondMoment(x);
    }

    /** A fully connected layer of the mapping network, with leaky ReLU: [N, I] to [N, O]. */
    public static NDArray fullyConnected(NDArray x, NDArray weight, NDArray bias, double learningFactor) {
        var shape = weight.getShape();
        return WeightLoader.load("a layer", new Arrays(Map.of("weight", weight, "bias", bias)), TestEngine.get(),
                loader -> new EqualizedLinear(loader, shape.get(1), shape.get(0), learningFactor, new LeakyRelu(
                        StyleGan2Config.SLOPE))).apply(x);
    }

    /** Arrays as weights. */
    private record Arrays(Map<String, NDArray> arrays) implements Weights {
        @Override
        public Set<String> names() {
            return arrays.keySet();
        }

        @Override
        public Shape shape(String name) {
            return arrays.get(name).getShape();
        }

        @Override
        public NDArray read(String name, NDManager manager) {
            return arrays.get(name);
        }
    }
}
