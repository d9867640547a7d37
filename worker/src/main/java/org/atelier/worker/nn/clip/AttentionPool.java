package org.atelier.worker.nn.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import org.atelier.worker.nn.LinearLayer;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.tensor.Convolution;
import org.atelier.worker.tensor.Scope;

/** Pools a feature map by the attention of its mean to all its places (OpenAI {@code AttentionPool2d}). */
final class AttentionPool {
    private final int width;
    private final int heads;
    private final NDArray positionalEmbedding;
    private final LinearLayer query;
    private final LinearLayer key;
    private final LinearLayer value;
    private final LinearLayer output;

    /**
     * Loads the layer.
     *
     * @param loader of {@code visual.attnpool}
     * @param grid   width and height of the feature map
     */
    AttentionPool(WeightLoader loader, int grid, int width, int heads, int embedding) {
        this.width = width;
        this.heads = heads;
        this.positionalEmbedding = loader.take("positional_embedding", (long) grid * grid + 1, width);
        this.query = LinearLayer.load(loader.in("q_proj"), width, width);
        this.key = LinearLayer.load(loader.in("k_proj"), width, width);
        this.value = LinearLayer.load(loader.in("v_proj"), width, width);
        this.output = LinearLayer.load(loader.in("c_proj"), width, embedding);
    }

    /**
     * Applies the layer.
     *
     * @param x [N, C, H, W]
     * @return [N, embedding]
     */
    NDArray apply(NDArray x) {
        return Scope.compute(() -> {
            long n = x.getShape().get(0);
            var places = Convolution.toNhwc(x).reshape(n, -1, width);
            var tokens = NDArrays.concat(new NDList(places.mean(new int[]{1}, true), places), 1).add(
                    positionalEmbedding);
            var attended = Transformer.attend(heads(query.apply(tokens.get(":, 0:1"))), heads(key.apply(tokens)),
                    heads(value.apply(tokens)), null);
            return output.apply(attended.reshape(n, width));
        });
    }

    /** [N, L, C] to [N, heads, L, C / heads]. */
    private NDArray heads(NDArray x) {
        return x.reshape(x.getShape().get(0), x.getShape().get(1), heads, width / heads).transpose(0, 2, 1, 3);
    }
}
