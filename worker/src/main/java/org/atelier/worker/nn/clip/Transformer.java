package org.atelier.worker.nn.clip;

import java.util.List;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import org.atelier.worker.nn.LinearLayer;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;
import org.jspecify.annotations.Nullable;

/** A stack of residual attention blocks, normalised before each part (OpenAI {@code Transformer}). */
final class Transformer {
    private final List<Block> blocks;

    /**
     * Loads the blocks.
     *
     * @param loader of {@code transformer}
     * @param name   of the transformer, for taps
     */
    Transformer(WeightLoader loader, String name, int width, int heads, int layers) {
        this.blocks = IntStream.range(0, layers)
                .mapToObj(i -> new Block(loader.in("resblocks." + i), name + ".resblocks." + i, width, heads))
                .toList();
    }

    /**
     * Applies all blocks.
     *
     * @param x    [N, L, D]
     * @param mask [L, L], added to the attention scores, or none
     * @return [N, L, D]
     */
    NDArray apply(NDArray x, @Nullable NDArray mask, Tap tap) {
        var y = x;
        for (var block : blocks) {
            var input = y;
            y = Scope.compute(() -> block.apply(input, mask));
            tap.see(block.name, y);
        }
        return y;
    }

    private static final class Block {
        private static final int EXPANSION = 4;

        private final String name;
        private final int heads;
        private final LayerNormalization beforeAttention;
        private final LinearLayer queryKeyValue;
        private final LinearLayer attentionOutput;
        private final LayerNormalization beforeMlp;
        private final LinearLayer expand;
        private final LinearLayer contract;

        Block(WeightLoader loader, String name, int width, int heads) {
            var attention = loader.in("attn");
            this.name = name;
            this.heads = heads;
            this.beforeAttention = new LayerNormalization(loader.in("ln_1"), width);
            this.queryKeyValue = new LinearLayer(attention.take("in_proj_weight", 3L * width, width), attention.take(
                    "in_proj_bias", 3L * width));
            this.attentionOutput = LinearLayer.load(attention.in("out_proj"), width, width);
            this.beforeMlp = new LayerNormalization(loader.in("ln_2"), width);
            this.expand = LinearLayer.load(loader.in("mlp.c_fc"), width, (long) EXPANSION * width);
            this.contract = LinearLayer.load(loader.in("mlp.c_proj"), (long) EXPANSION * width, width);
        }

        NDArray apply(NDArray x, @Nullable NDArray mask) {
            var attended = x.add(attention(beforeAttention.apply(x), mask));
            return attended.add(contract.apply(quickGelu(expand.apply(beforeMlp.apply(attended)))));
        }

        private NDArray attention(NDArray x, @Nullable NDArray mask) {
            long n = x.getShape().get(0);
            long length = x.getShape().get(1);
            long width = x.getShape().get(2);
            var parts = queryKeyValue.apply(x).reshape(n, length, 3, heads, width / heads).transpose(2, 0, 3, 1, 4);
            var attended = attend(parts.get(0), parts.get(1), parts.get(2), mask);
            return attentionOutput.apply(attended.transpose(0, 2, 1, 3).reshape(n, length, width));
        }
    }

    /**
     * Scaled dot-product attention.
     *
     * @param query [N, heads, Lq, d]
     * @param key   [N, heads, L, d]
     * @param value [N, heads, L, d]
     * @param mask  [Lq, L], added to the scores, or none
     * @return [N, heads, Lq, d]
     */
    static NDArray attend(NDArray query, NDArray key, NDArray value, @Nullable NDArray mask) {
        double scale = 1 / Math.sqrt(query.getShape().get(3));
        var scores = Scalars.mul(query, scale).matMul(key.transpose(0, 1, 3, 2));
        return (mask == null ? scores : scores.addi(mask)).softmax(-1).matMul(value);
    }

    /** The sigmoid approximation of GELU that OpenAI's CLIP was trained with. */
    static NDArray quickGelu(NDArray x) {
        return x.mul(Activation.sigmoid(Scalars.mul(x, 1.702)));
    }
}
