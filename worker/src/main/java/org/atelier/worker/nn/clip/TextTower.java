package org.atelier.worker.nn.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Shapes;

/** Turns token numbers into features: a transformer that looks back only, read at the end of the text. */
final class TextTower {
    private final int context;
    private final NDArray tokenEmbedding;
    private final NDArray positionalEmbedding;
    private final NDArray mask;
    private final Transformer transformer;
    private final LayerNormalization after;
    private final NDArray projection;

    /** @param loader of the whole CLIP */
    TextTower(ClipConfig config, WeightLoader loader) {
        this.context = config.context();
        this.tokenEmbedding = loader.in("token_embedding").take("weight", config.vocabulary(), config.textWidth());
        this.positionalEmbedding = loader.take("positional_embedding", context, config.textWidth());
        this.mask = causalMask(context, loader.manager());
        this.transformer = new Transformer(loader.in("transformer"), "transformer", config.textWidth(), config
                .textHeads(), config.textLayers());
        this.after = new LayerNormalization(loader.in("ln_final"), config.textWidth());
        this.projection = loader.take("text_projection", config.textWidth(), config.embedding());
    }

    /** Minus infinity above the diagonal. */
    private static NDArray causalMask(int length, NDManager manager) {
        var mask = new float[length * length];
        for (int row = 0; row < length; row++) {
            for (int column = row + 1; column < length; column++) {
                mask[row * length + column] = Float.NEGATIVE_INFINITY;
            }
        }
        return HostArrays.of(manager, mask, new Shape(length, length));
    }

    /**
     * Computes features.
     *
     * @param tokens [N, context], 64-bit integers
     * @return [N, embedding], not normalised
     */
    NDArray apply(NDArray tokens, Tap tap) {
        Shapes.require("tokens [N, context]", tokens, Shapes.ANY, context);
        var embedded = tokens.getNDArrayInternal().embedding(tokens, tokenEmbedding, SparseFormat.DENSE)
                .singletonOrThrow().add(positionalEmbedding);
        var features = after.apply(transformer.apply(embedded, mask, tap));
        tap.see("ln_final", features);
        // The end of the text is the token with the highest number.
        long n = tokens.getShape().get(0);
        var end = tokens.argMax(1).add(tokens.getManager().arange(0, (int) n * context, context));
        return features.reshape(n * context, -1).get(end).matMul(projection);
    }
}
