package org.atelier.worker.nn.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.nn.core.Linear;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.tensor.Derived;

/** The image tower of ViT CLIPs (Dosovitskiy et al. 2021; OpenAI {@code VisionTransformer}). */
final class VisionTransformer implements ImageTower {
    private static final int COLOURS = 3;

    private final int grid;
    private final int patch;
    private final int width;
    private final Derived patchEmbedding;
    private final NDArray classEmbedding;
    private final NDArray positionalEmbedding;
    private final LayerNormalization before;
    private final Transformer transformer;
    private final LayerNormalization after;
    private final NDArray projection;

    /** @param loader of {@code visual} */
    VisionTransformer(ClipConfig config, ClipConfig.Vision.Transformer vision, WeightLoader loader) {
        this.patch = vision.patch();
        this.width = vision.width();
        this.grid = config.resolution() / patch;
        this.patchEmbedding = Derived.of(loader.in("conv1").take("weight", width, COLOURS, patch, patch), w -> w
                .reshape(width, (long) COLOURS * patch * patch));
        this.classEmbedding = loader.take("class_embedding", width);
        this.positionalEmbedding = loader.take("positional_embedding", (long) grid * grid + 1, width);
        this.before = new LayerNormalization(loader.in("ln_pre"), width);
        this.transformer = new Transformer(loader.in("transformer"), "visual.transformer", width, vision.heads(),
                vision.layers());
        this.after = new LayerNormalization(loader.in("ln_post"), width);
        this.projection = loader.take("proj", width, config.embedding());
    }

    @Override
    public NDArray apply(NDArray x, Tap tap) {
        long n = x.getShape().get(0);
        // A convolution whose stride is its size is a product with the patches as rows: [N, grid, grid, 3, patch, patch].
        var patches = x.reshape(n, COLOURS, grid, patch, grid, patch).transpose(0, 2, 4, 1, 3, 5).reshape(n, (long) grid
                * grid, (long) COLOURS * patch * patch);
        var tokens = Linear.linear(patches, patchEmbedding.get()).singletonOrThrow();
        tap.see("visual.conv1", tokens.transpose(0, 2, 1).reshape(n, width, grid, grid));
        var first = classEmbedding.reshape(1, 1, width).repeat(0, n);
        var embedded = before.apply(NDArrays.concat(new NDList(first, tokens), 1).add(positionalEmbedding));
        tap.see("visual.ln_pre", embedded);
        var summary = after.apply(transformer.apply(embedded, null, tap).get(":, 0"));
        tap.see("visual.ln_post", summary);
        return summary.matMul(projection);
    }
}
