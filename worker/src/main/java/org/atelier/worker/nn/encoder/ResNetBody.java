package org.atelier.worker.nn.encoder;

import java.util.ArrayList;
import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import org.atelier.worker.nn.BatchNormalization;
import org.atelier.worker.nn.ConvolutionLayer;
import org.atelier.worker.nn.ConvolutionLayer.Form;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.nn.face.PRelu;
import org.atelier.worker.tensor.Scope;
import org.jspecify.annotations.Nullable;

/**
 * A ResNet of basic blocks (He et al. 2016) as ReStyle uses it ({@code restyle_psp_encoders.py},
 * {@code ResNetBackboneEncoder}): without the pooling after its first layer, which has a PReLU.
 */
final class ResNetBody implements Body {
    private static final int FIRST_KERNEL = 7;

    private final ConvolutionLayer convolution;
    private final BatchNormalization normalization;
    private final PRelu activation;
    private final List<Block> blocks = new ArrayList<>();

    /** @param loader of {@code conv1}, {@code bn1}, {@code relu} and {@code body} */
    ResNetBody(int channels, WeightLoader loader) {
        int width = outputs(loader.in("conv1"));
        this.convolution = ConvolutionLayer.plain(loader.in("conv1"), new Form(channels, width, FIRST_KERNEL, 2));
        this.normalization = new BatchNormalization(loader.in("bn1"), width);
        this.activation = new PRelu(loader.in("relu"), width);
        for (int i = 0; loader.has("body." + i + ".conv1.weight"); i++) {
            var block = loader.in("body." + i);
            int outputs = outputs(block.in("conv1"));
            blocks.add(new Block(block, width, outputs));
            width = outputs;
        }
    }

    private static int outputs(WeightLoader convolution) {
        return Math.toIntExact(convolution.shape("weight").getFirst());
    }

    @Override
    public int features() {
        return blocks.getLast().outputs;
    }

    @Override
    public int reduction() {
        return 2 << blocks.stream().filter(block -> block.projection != null).count();
    }

    @Override
    public List<NDArray> maps(NDArray x) {
        var maps = new ArrayList<NDArray>();
        var y = Scope.compute(() -> activation.apply(normalization.apply(convolution.apply(x))));
        for (var block : blocks) {
            if (block.projection != null) {
                maps.add(y);
            }
            var input = y;
            y = Scope.compute(() -> block.apply(input));
        }
        maps.add(y);
        return maps;
    }

    /** Two convolutions beside a shortcut; it halves the picture where it changes the number of channels. */
    private static final class Block {
        private final int outputs;
        private final ConvolutionLayer first;
        private final BatchNormalization between;
        private final ConvolutionLayer second;
        private final BatchNormalization after;
        private final @Nullable ConvolutionLayer projection;
        private final @Nullable BatchNormalization projected;

        Block(WeightLoader loader, int inputs, int outputs) {
            boolean projects = inputs != outputs;
            int stride = projects ? 2 : 1;
            this.outputs = outputs;
            this.first = ConvolutionLayer.plain(loader.in("conv1"), new Form(inputs, outputs, 3, stride));
            this.between = new BatchNormalization(loader.in("bn1"), outputs);
            this.second = ConvolutionLayer.plain(loader.in("conv2"), new Form(outputs, outputs, 3, 1));
            this.after = new BatchNormalization(loader.in("bn2"), outputs);
            this.projection = projects
                    ? ConvolutionLayer.plain(loader.in("downsample.0"), new Form(inputs, outputs, 1, stride))
                    : null;
            this.projected = projects ? new BatchNormalization(loader.in("downsample.1"), outputs) : null;
        }

        NDArray apply(NDArray x) {
            var y = after.apply(second.apply(Activation.relu(between.apply(first.apply(x)))));
            var shortcut = projection == null || projected == null ? x : projected.apply(projection.apply(x));
            return Activation.relu(y.add(shortcut));
        }
    }
}
