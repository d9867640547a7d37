package org.atelier.worker.nn.clip;

import java.util.ArrayList;
import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.pooling.Pool;
import org.atelier.worker.nn.ConvolutionLayer;
import org.atelier.worker.nn.ConvolutionLayer.Form;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.tensor.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The image tower of RN CLIPs (OpenAI {@code ModifiedResNet}): three convolutions in the stem, an average pool before
 * every convolution that has a stride in other ResNets, attention instead of the last pooling.
 */
final class ModifiedResNet implements ImageTower {
    private static final int COLOURS = 3;

    private final List<ConvolutionLayer> stem;
    private final List<List<Bottleneck>> stages = new ArrayList<>();
    private final AttentionPool pool;

    /** @param loader of {@code visual} */
    ModifiedResNet(ClipConfig config, ClipConfig.Vision.ResNet vision, WeightLoader loader) {
        int width = vision.width();
        int half = width / 2;
        this.stem = List.of(
                ConvolutionLayer.normalized(loader.in("conv1"), new Form(COLOURS, half, 3, 2), loader.in("bn1")),
                ConvolutionLayer.normalized(loader.in("conv2"), new Form(half, half, 3, 1), loader.in("bn2")),
                ConvolutionLayer.normalized(loader.in("conv3"), new Form(half, width, 3, 1), loader.in("bn3")));
        int inputs = width;
        for (int stage = 0; stage < vision.blocks().size(); stage++) {
            int planes = width << stage;
            var blocks = new ArrayList<Bottleneck>();
            for (int i = 0; i < vision.blocks().get(stage); i++) {
                int stride = stage > 0 && i == 0 ? 2 : 1;
                blocks.add(new Bottleneck(loader.in("layer" + (stage + 1) + "." + i), inputs, planes, stride));
                inputs = Bottleneck.EXPANSION * planes;
            }
            stages.add(blocks);
        }
        int reduction = 4 << vision.blocks().size() - 1;
        this.pool = new AttentionPool(loader.in("attnpool"), config.resolution() / reduction, inputs, vision.heads(),
                config.embedding());
    }

    @Override
    public NDArray apply(NDArray x, Tap tap) {
        var y = x;
        for (var convolution : stem) {
            y = Activation.relu(convolution.apply(y));
        }
        y = averagePool(y, 2);
        tap.see("visual.avgpool", y);
        for (int stage = 0; stage < stages.size(); stage++) {
            for (var block : stages.get(stage)) {
                var input = y;
                y = Scope.compute(() -> block.apply(input));
            }
            tap.see("visual.layer" + (stage + 1), y);
        }
        var pooled = pool.apply(y);
        tap.see("visual.attnpool", pooled);
        return pooled;
    }

    private static NDArray averagePool(NDArray x, int size) {
        return Pool.avgPool2d(x, new Shape(size, size), new Shape(size, size), new Shape(0, 0), false, true);
    }

    /** 1x1, 3x3 and 1x1 convolutions beside a shortcut. */
    private static final class Bottleneck {
        static final int EXPANSION = 4;

        private final int stride;
        private final ConvolutionLayer reduce;
        private final ConvolutionLayer spatial;
        private final ConvolutionLayer expand;
        private final @Nullable ConvolutionLayer shortcut;

        Bottleneck(WeightLoader loader, int inputs, int planes, int stride) {
            int outputs = EXPANSION * planes;
            this.stride = stride;
            this.reduce = ConvolutionLayer.normalized(loader.in("conv1"), new Form(inputs, planes, 1, 1), loader.in(
                    "bn1"));
            this.spatial = ConvolutionLayer.normalized(loader.in("conv2"), new Form(planes, planes, 3, 1), loader.in(
                    "bn2"));
            this.expand = ConvolutionLayer.normalized(loader.in("conv3"), new Form(planes, outputs, 1, 1), loader.in(
                    "bn3"));
            this.shortcut = stride > 1 || inputs != outputs
                    ? ConvolutionLayer.normalized(loader.in("downsample.0"), new Form(inputs, outputs, 1, 1), loader.in(
                            "downsample.1"))
                    : null;
        }

        NDArray apply(NDArray x) {
            var y = Activation.relu(spatial.apply(Activation.relu(reduce.apply(x))));
            y = expand.apply(strided(y));
            return Activation.relu(y.addi(shortcut == null ? x : shortcut.apply(strided(x))));
        }

        private NDArray strided(NDArray x) {
            return stride == 1 ? x : averagePool(x, stride);
        }
    }
}
