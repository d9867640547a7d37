package org.atelier.worker.nn.clip;

import ai.djl.ndarray.NDArray;
import org.atelier.worker.nn.LoadedNetwork;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;
import org.atelier.worker.tensor.TensorEngine;

/** A CLIP: an image tower and a text tower whose features have a high cosine where picture and text fit. */
public final class Clip extends LoadedNetwork {
    private final ClipConfig config;
    private final ImageTower images;
    private final TextTower texts;
    private final NDArray logitScale;

    private Clip(ClipConfig config, WeightLoader loader) {
        super(loader);
        var visual = loader.in("visual");
        this.config = config;
        this.images = switch (config.vision()) {
            case ClipConfig.Vision.Transformer vision -> new VisionTransformer(config, vision, visual);
            case ClipConfig.Vision.ResNet vision -> new ModifiedResNet(config, vision, visual);
        };
        this.texts = new TextTower(config, loader);
        this.logitScale = loader.take("logit_scale");
        loader.ignore("input_resolution");
        loader.ignore("context_length");
        loader.ignore("vocab_size");
    }

    /**
     * Builds the network.
     *
     * @param weights in OpenAI's names
     * @throws org.atelier.worker.nn.WeightMismatchException if they do not fit the configuration
     */
    public static Clip load(ClipConfig config, Weights weights, TensorEngine engine) {
        return WeightLoader.load("a CLIP", weights, engine, loader -> new Clip(config, loader));
    }

    /** Its sizes. */
    public ClipConfig config() {
        return config;
    }

    /**
     * Features of pictures.
     *
     * @param prepared [N, 3, R, R], as {@link ClipInput} gives them
     * @return [N, embedding], not normalised
     */
    public NDArray imageFeatures(NDArray prepared, Tap tap) {
        Shapes.require("picture for CLIP [N, 3, R, R]", prepared, Shapes.ANY, 3, config.resolution(), config
                .resolution());
        return Scope.compute(() -> images.apply(prepared, tap));
    }

    /**
     * Features of texts.
     *
     * @param tokens [N, context], 64-bit integers, as {@link BpeTokenizer} gives them
     * @return [N, embedding], not normalised
     */
    public NDArray textFeatures(NDArray tokens, Tap tap) {
        return Scope.compute(() -> texts.apply(tokens, tap));
    }

    /** What cosines are multiplied by to become logits. */
    public double logitScale() {
        return Scope.call(() -> logitScale.exp().getFloat());
    }
}
