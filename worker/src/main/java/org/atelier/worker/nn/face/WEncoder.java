package org.atelier.worker.nn.face;

import java.util.Map;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.worker.nn.LinearLayer;
import org.atelier.worker.nn.Network;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;
import org.atelier.worker.tensor.TensorEngine;

/** Turns a picture into one w: an IR-SE body, its mean over the picture, and a linear layer (pSp's encoder into W). */
public final class WEncoder implements Network {
    private final IrSeConfig config;
    private final IrSeBody body;
    private final LinearLayer linear;
    private final NDArray start;
    private final boolean startsFromMean;
    private final WeightLoader loader;

    private WEncoder(IrSeConfig config, int wSize, boolean startsFromMean, WeightLoader loader) {
        var encoder = loader.in("encoder");
        this.config = config;
        this.body = new IrSeBody(config, encoder);
        this.linear = LinearLayer.load(encoder.in("linear"), config.features(), wSize);
        this.start = loader.take("latent_avg", wSize);
        this.startsFromMean = startsFromMean;
        this.loader = loader;
    }

    /**
     * Builds the network.
     *
     * @param config  {@code input}, {@code stages}, {@code w_dim}, {@code start_from_latent_avg}
     * @param weights in pSp's names: {@code encoder.*}, {@code latent_avg}
     */
    public static WEncoder load(JsonNode config, Weights weights, TensorEngine engine) {
        return WeightLoader.load("an encoder into W", weights, engine, loader -> new WEncoder(IrSeConfig.of(config),
                config.path("w_dim").asInt(), config.path("start_from_latent_avg").asBoolean(), loader));
    }

    /**
     * Encodes pictures.
     *
     * @param images [N, 3, input, input] in -1..1
     * @return w [N, C]
     */
    public NDArray encode(NDArray images) {
        Shapes.require("images [N, 3, H, W]", images, Shapes.ANY, 3, config.input(), config.input());
        return Scope.compute(() -> {
            var features = body.apply(images, Tap.NONE);
            double size = features.getShape().get(2) * features.getShape().get(3);
            double equalized = 1 / Math.sqrt(config.features()); // the stored weight of the linear layer lacks it
            var w = linear.apply(features.sum(new int[]{2, 3}).mul(equalized / size));
            return startsFromMean ? w.add(start) : w;
        });
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
