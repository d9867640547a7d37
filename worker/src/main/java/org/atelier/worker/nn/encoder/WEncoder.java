package org.atelier.worker.nn.encoder;

import java.util.Optional;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import org.atelier.worker.nn.EqualizedLinear;
import org.atelier.worker.nn.LoadedNetwork;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.nn.face.IrSeBody;
import org.atelier.worker.nn.face.IrSeConfig;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;
import org.atelier.worker.tensor.TensorEngine;

/**
 * Turns a picture into one w: an IR-SE body, its mean over the picture, and a linear layer (pSp and e4e,
 * {@code BackboneEncoderUsingLastLayerIntoW}).
 */
public final class WEncoder extends LoadedNetwork implements Encoder {
    private static final int PUBLISHED_INPUT = 256;
    private static final int CHANNELS = 3;

    private final Config config;
    private final IrSeBody body;
    private final EqualizedLinear linear;
    private final Optional<NDArray> start;

    /**
     * What the weights do not tell.
     *
     * @param input          width and height of its pictures
     * @param startsFromMean whether codes are relative to the mean latent, where it is stored
     */
    public record Config(int input, boolean startsFromMean) {
        /** pSp's and e4e's. */
        public static final Config PUBLISHED = new Config(PUBLISHED_INPUT, true);

        /** Reads {@code input} and {@code start_from_latent_avg} of a bundle's card. */
        public static Config of(JsonNode config) {
            return new Config(config.path("input").asInt(PUBLISHED_INPUT), config.path("start_from_latent_avg")
                    .asBoolean(true));
        }
    }

    private WEncoder(Config config, Weights weights, WeightLoader loader) {
        super(loader);
        var encoder = loader.in("encoder");
        var stages = new IrSeConfig(config.input, IrSeConfig.stages(weights, "encoder."), 0);
        var shape = encoder.shape("linear.weight");
        long width = shape.isEmpty() ? 1 : shape.getFirst();
        this.config = config;
        this.body = new IrSeBody(stages, CHANNELS, encoder);
        this.linear = new EqualizedLinear(encoder.in("linear"), stages.features(), width, 1, null);
        var mean = MeanLatent.load(loader, 1, width);
        this.start = config.startsFromMean ? mean : Optional.empty();
    }

    /**
     * Builds the network; its sizes are read from shapes.
     *
     * @param weights in pSp's names: {@code encoder.*}, {@code latent_avg}; {@code decoder.*} is left out
     */
    public static WEncoder load(Config config, Weights weights, TensorEngine engine) {
        var encoder = EncoderWeights.of(weights);
        return WeightLoader.load("an encoder into W", encoder, engine, loader -> new WEncoder(config, encoder, loader));
    }

    @Override
    public int input() {
        return config.input;
    }

    @Override
    public int channels() {
        return CHANNELS;
    }

    @Override
    public int rows() {
        return 1;
    }

    @Override
    public Optional<NDArray> start() {
        return start;
    }

    @Override
    public NDArray codes(NDArray images) {
        Shapes.require("images [N, 3, H, W]", images, Shapes.ANY, CHANNELS, config.input, config.input);
        return Scope.compute(() -> {
            var features = body.apply(images, Tap.NONE);
            double area = (double) features.getShape().get(2) * features.getShape().get(3);
            return linear.apply(Scalars.mul(features.sum(new int[]{2, 3}), 1 / area)).expandDims(1);
        });
    }
}
