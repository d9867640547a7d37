package org.atelier.worker.nn.perceptual;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.worker.nn.Network;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;
import org.atelier.worker.tensor.TensorEngine;

/**
 * Learned perceptual distance (Zhang et al. 2018, version 0.1) on VGG features: features of unit length, squared
 * differences weighted by channel, averaged over the picture, summed over the taps.
 */
public final class Lpips implements Network {
    /** Added to lengths before dividing by them. */
    private static final double EPSILON = 1e-10;

    private final VggFeatures features;
    private final List<NDArray> heads = new ArrayList<>();
    private final WeightLoader loader;

    private Lpips(List<Integer> widths, WeightLoader loader) {
        this.features = new VggFeatures(widths, loader);
        for (int tap = 0; tap < widths.size(); tap++) {
            heads.add(loader.in("lin" + tap + ".model.1").take("weight", 1, widths.get(tap), 1, 1));
        }
        this.loader = loader;
    }

    /**
     * Builds the network.
     *
     * @param config  {@code channels}: widths of the five stages
     * @param weights {@code features.*} in torchvision's names, {@code lin*.model.1.weight} in those of LPIPS
     */
    public static Lpips load(JsonNode config, Weights weights, TensorEngine engine) {
        return WeightLoader.load("a VGG16-LPIPS network", weights, engine, loader -> new Lpips(widths(config), loader));
    }

    static List<Integer> widths(JsonNode config) {
        return config.path("channels").valueStream().map(JsonNode::asInt).toList();
    }

    /**
     * The distance of pictures.
     *
     * @param a [N, 3, H, W] in -1..1
     * @param b [N, 3, H, W] in -1..1
     * @return [N]
     */
    public NDArray distance(NDArray a, NDArray b) {
        Shapes.require("b [N, 3, H, W]", b, a.getShape().getShape());
        return Scope.compute(() -> {
            var tapsA = features.taps(a);
            var tapsB = features.taps(b);
            NDArray sum = a.getManager().zeros(new Shape(a.getShape().get(0)));
            for (int tap = 0; tap < heads.size(); tap++) {
                var difference = unit(tapsA.get(tap)).sub(unit(tapsB.get(tap))).square();
                double size = difference.getShape().get(2) * difference.getShape().get(3);
                sum = sum.add(difference.mul(heads.get(tap)).sum(new int[]{1, 2, 3}).mul(1 / size));
            }
            return sum;
        });
    }

    private static NDArray unit(NDArray x) {
        return x.div(x.square().sum(new int[]{1}, true).sqrt().add(EPSILON));
    }

    /** The features of a picture after the last pooling, which a bundle's reader looks at: [N, C, H / 32, W / 32]. */
    NDArray lastFeatures(NDArray x) {
        return features.last(x);
    }

    @Override
    public Map<String, NDArray> parameters() {
        return loader.taken();
    }

    @Override
    public void close() {
        loader.manager().close();
    }
}
