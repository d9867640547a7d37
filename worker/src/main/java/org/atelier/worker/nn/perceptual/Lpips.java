package org.atelier.worker.nn.perceptual;

import java.util.ArrayList;
import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.worker.nn.LoadedNetwork;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;
import org.atelier.worker.tensor.TensorEngine;

/**
 * Learned perceptual distance (Zhang et al. 2018, version 0.1): features of unit length, squared differences weighted by
 * channel, averaged over the picture, summed over the taps.
 */
public final class Lpips extends LoadedNetwork {
    /** Added to lengths before dividing by them. */
    private static final double EPSILON = 1e-10;

    private final Scaling scaling;
    private final NDArray shift;
    private final NDArray scale;
    private final Features features;
    private final List<NDArray> heads = new ArrayList<>();

    /**
     * What is done to a picture in -1..1 before the backbone sees it: {@code (x - shift) / scale}.
     *
     * @param shift of red, green and blue
     * @param scale of red, green and blue
     */
    public record Scaling(List<Float> shift, List<Float> scale) {
        /** Nothing. */
        public static final Scaling NONE = new Scaling(List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));

        /** To the mean and deviation of ImageNet, for -1..1 (LPIPS {@code ScalingLayer}). */
        public static final Scaling PUBLISHED = new Scaling(List.of(-.030f, -.088f, -.188f), List.of(.458f, .448f,
                .450f));

        /** Reads {@code shift} and {@code scale} of a bundle's card; where they are absent, nothing is done. */
        public static Scaling of(JsonNode config) {
            return config.has("shift") || config.has("scale")
                    ? new Scaling(numbers(config, "shift"), numbers(config, "scale"))
                    : NONE;
        }

        private static List<Float> numbers(JsonNode config, String name) {
            var numbers = config.path(name).valueStream().map(JsonNode::floatValue).toList();
            if (numbers.size() != 3) {
                throw new IllegalArgumentException("a perceptual network's \"" + name
                        + "\" has three numbers, for red, green and blue, not " + config.path(name));
            }
            return numbers;
        }

        private static NDArray array(List<Float> numbers, NDManager manager) {
            return HostArrays.of(manager, new float[]{numbers.get(0), numbers.get(1), numbers.get(2)}, new Shape(1, 3,
                    1, 1));
        }
    }

    private Lpips(Backbone backbone, Scaling scaling, WeightLoader loader) {
        super(loader);
        this.scaling = scaling;
        this.shift = Scaling.array(scaling.shift, loader.manager());
        this.scale = Scaling.array(scaling.scale, loader.manager());
        this.features = new Features(backbone, loader);
        for (int tap = 0; tap < features.widths().size(); tap++) {
            heads.add(loader.in("lin" + tap + ".model.1").take("weight", 1, features.widths().get(tap), 1, 1));
        }
    }

    /**
     * Builds the network.
     *
     * @param weights in any of the layouts that {@link LpipsWeights} names; all widths are read from their shapes
     */
    public static Lpips load(Backbone backbone, Scaling scaling, Weights weights, TensorEngine engine) {
        return WeightLoader.load("an LPIPS network on " + backbone, LpipsWeights.of(weights), engine,
                loader -> new Lpips(backbone, scaling, loader));
    }

    /**
     * The distance of pictures.
     *
     * @param a [N, 3, H, W] in -1..1
     * @param b [N, 3, H, W] in -1..1
     * @return [N]
     */
    public NDArray distance(NDArray a, NDArray b) {
        return Scope.compute(() -> distances(a, b).sum(new int[]{0}));
    }

    /**
     * The distance of pictures, tap by tap.
     *
     * @param a [N, 3, H, W] in -1..1
     * @param b [N, 3, H, W] in -1..1
     * @return [taps, N]
     */
    public NDArray distances(NDArray a, NDArray b) {
        Shapes.require("b [N, 3, H, W]", b, a.getShape().getShape());
        return Scope.compute(() -> {
            var tapsA = taps(a);
            var tapsB = taps(b);
            var distances = new NDList();
            for (int tap = 0; tap < heads.size(); tap++) {
                var difference = unit(tapsA.get(tap)).sub(unit(tapsB.get(tap))).square();
                distances.add(Scalars.mul(difference.mul(heads.get(tap)).sum(new int[]{1, 2, 3}), 1 / area(
                        difference)));
            }
            return NDArrays.stack(distances);
        });
    }

    /**
     * A picture as a point, such that the squared distance of two points is the {@link #distance} of their pictures. A
     * target that does not change is embedded once (NVlabs' {@code vgg16.pt} with {@code return_lpips}, which takes 0..255
     * instead).
     *
     * @param x [N, 3, H, W] in -1..1
     * @return [N, D], where D grows with the picture
     */
    public NDArray embed(NDArray x) {
        return Scope.compute(() -> {
            var points = new NDList();
            var taps = taps(x);
            for (int tap = 0; tap < heads.size(); tap++) {
                var features = taps.get(tap);
                var weighted = unit(features).mul(Scalars.mul(heads.get(tap), 1 / area(features)).sqrt());
                points.add(weighted.reshape(x.getShape().get(0), -1));
            }
            return NDArrays.concat(points, 1);
        });
    }

    /**
     * Features after the last ReLU before each pooling (VGG16), or after every ReLU (AlexNet).
     *
     * @param x [N, 3, H, W] in -1..1
     * @return by tap: [N, C, H', W']
     */
    public List<NDArray> taps(NDArray x) {
        Shapes.require("picture [N, 3, H, W]", x, Shapes.ANY, 3, Shapes.ANY, Shapes.ANY);
        return features.taps(scaled(x));
    }

    private NDArray scaled(NDArray x) {
        return scaling.equals(Scaling.NONE) ? x : Scope.compute(() -> x.sub(shift).div(scale));
    }

    private static NDArray unit(NDArray x) {
        return x.div(x.square().sum(new int[]{1}, true).sqrt().add(EPSILON));
    }

    private static double area(NDArray x) {
        return (double) x.getShape().get(2) * x.getShape().get(3);
    }

    /** The features of a picture after the last pooling, which a bundle's reader looks at: [N, C, H', W']. */
    NDArray lastFeatures(NDArray x) {
        return Scope.compute(() -> features.last(scaled(x)));
    }
}
