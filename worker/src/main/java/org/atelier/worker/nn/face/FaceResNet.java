package org.atelier.worker.nn.face;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.pooling.Pool;
import org.atelier.worker.nn.BatchNormalization;
import org.atelier.worker.nn.ConvolutionLayer;
import org.atelier.worker.nn.ConvolutionLayer.Form;
import org.atelier.worker.nn.LinearLayer;
import org.atelier.worker.nn.LoadedNetwork;
import org.atelier.worker.nn.RenamedWeights;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;
import org.atelier.worker.tensor.TensorEngine;
import org.jspecify.annotations.Nullable;

/**
 * The identity network of styleclip-gan3: {@code resnet_face18} of arcface-pytorch, for grey pictures of 128 px. Its
 * published weights have no squeeze-and-excitation and one PReLU slope a unit, which acts twice; both follow from the
 * weights, as do widths and numbers of units.
 */
public final class FaceResNet extends LoadedNetwork implements FaceNetwork {
    private static final String MODULE = "module.";
    private static final int LAYERS = 4;
    /** The first pooling and all layers but the first halve the picture. */
    private static final int REDUCTION = 16;

    private final ConvolutionLayer convolution;
    private final BatchNormalization normalization;
    private final PRelu activation;
    private final List<Unit> units = new ArrayList<>();
    private final BatchNormalization before;
    private final LinearLayer linear;
    private final BatchNormalization after;
    private final int input;

    private FaceResNet(WeightLoader loader) {
        super(loader);
        int width = outputs(loader.in("conv1"), 1);
        this.convolution = ConvolutionLayer.plain(loader.in("conv1"), new Form(1, width, 3, 1));
        this.normalization = new BatchNormalization(loader.in("bn1"), width);
        this.activation = new PRelu(loader.in("prelu"), slopes(loader.in("prelu")));
        for (int layer = 1; layer <= LAYERS; layer++) {
            var units = loader.in("layer" + layer);
            for (int i = 0; i == 0 || units.has(i + ".conv1.weight"); i++) {
                var unit = units.in(Integer.toString(i));
                int outputs = outputs(unit.in("conv2"), width);
                this.units.add(new Unit("layer" + layer + "." + i, unit, width, outputs, i == 0 && layer > 1 ? 2 : 1));
                width = outputs;
            }
        }
        var shape = loader.shape("fc5.weight");
        long features = shape.isEmpty() ? width : shape.getLast();
        int embedding = shape.isEmpty() ? 1 : Math.toIntExact(shape.getFirst());
        this.input = REDUCTION * (int) Math.round(Math.sqrt((double) features / width));
        this.before = new BatchNormalization(loader.in("bn4"), width);
        this.linear = LinearLayer.load(loader.in("fc5"), features, embedding);
        this.after = new BatchNormalization(loader.in("bn5"), embedding);
    }

    private static int outputs(WeightLoader convolution, int otherwise) {
        var shape = convolution.shape("weight");
        return shape.isEmpty() ? otherwise : Math.toIntExact(shape.getFirst());
    }

    /** One for all channels, as published, or one each. */
    private static long slopes(WeightLoader prelu) {
        var shape = prelu.shape("weight");
        return shape.isEmpty() ? 1 : shape.getFirst();
    }

    /**
     * Builds the network.
     *
     * @param weights in arcface-pytorch's names, with or without the prefix {@code module.}
     * @throws org.atelier.worker.nn.WeightMismatchException if they are not those of such a network
     */
    public static FaceResNet load(Weights weights, TensorEngine engine) {
        return WeightLoader.load("a resnet_face identity network", withoutModule(weights), engine, FaceResNet::new);
    }

    @Override
    public int input() {
        return input;
    }

    @Override
    public FaceView view(int resolution, NDManager parent) {
        return new GreyView(resolution, input, parent);
    }

    @Override
    public NDArray embed(NDArray faces, Tap tap) {
        Shapes.require("faces [N, 1, H, W]", faces, Shapes.ANY, 1, input, input);
        return Scope.compute(() -> {
            var x = Pool.maxPool2d(activation.apply(normalization.apply(convolution.apply(faces))), new Shape(2, 2),
                    new Shape(2, 2), new Shape(0, 0), false);
            for (var unit : units) {
                var y = x;
                x = Scope.compute(() -> unit.apply(y));
                tap.see(unit.name, x);
            }
            var embedding = after.apply(linear.apply(before.apply(x).reshape(faces.getShape().get(0), -1)));
            return embedding.div(embedding.norm(new int[]{1}, true));
        });
    }

    /** Two convolutions beside a shortcut ({@code IRBlock}). */
    private static final class Unit {
        private final String name;
        private final BatchNormalization before;
        private final ConvolutionLayer first;
        private final BatchNormalization between;
        private final PRelu activation;
        private final ConvolutionLayer second;
        private final BatchNormalization after;
        private final @Nullable Excitation excitation;
        private final @Nullable ConvolutionLayer projection;
        private final @Nullable BatchNormalization projected;

        Unit(String name, WeightLoader loader, int inputs, int outputs, int stride) {
            this.name = name;
            this.before = new BatchNormalization(loader.in("bn0"), inputs);
            this.first = ConvolutionLayer.plain(loader.in("conv1"), new Form(inputs, inputs, 3, 1));
            this.between = new BatchNormalization(loader.in("bn1"), inputs);
            this.activation = new PRelu(loader.in("prelu"), slopes(loader.in("prelu")));
            this.second = ConvolutionLayer.plain(loader.in("conv2"), new Form(inputs, outputs, 3, stride));
            this.after = new BatchNormalization(loader.in("bn2"), outputs);
            this.excitation = loader.has("se.fc.0.weight") ? new Excitation(loader.in("se.fc"), outputs) : null;
            boolean projects = stride != 1 || inputs != outputs;
            this.projection = projects
                    ? ConvolutionLayer.plain(loader.in("downsample.0"), new Form(inputs, outputs, 1, stride))
                    : null;
            this.projected = projects ? new BatchNormalization(loader.in("downsample.1"), outputs) : null;
        }

        NDArray apply(NDArray x) {
            var y = after.apply(second.apply(activation.apply(between.apply(first.apply(before.apply(x))))));
            var residual = excitation == null ? y : excitation.apply(y);
            var shortcut = projection == null || projected == null ? x : projected.apply(projection.apply(x));
            return activation.apply(residual.add(shortcut));
        }
    }

    /** Squeeze-and-excitation with linear layers. */
    private static final class Excitation {
        private final LinearLayer squeeze;
        private final PRelu activation;
        private final LinearLayer excite;

        Excitation(WeightLoader loader, long channels) {
            var shape = loader.shape("0.weight");
            this.squeeze = LinearLayer.load(loader.in("0"), channels, shape.getFirst());
            this.activation = new PRelu(loader.in("1"), slopes(loader.in("1")));
            this.excite = LinearLayer.load(loader.in("2"), shape.getFirst(), channels);
        }

        NDArray apply(NDArray x) {
            long n = x.getShape().get(0);
            long channels = x.getShape().get(1);
            double area = (double) x.getShape().get(2) * x.getShape().get(3);
            var squeezed = squeeze.apply(Scalars.div(x.sum(new int[]{2, 3}), area)).reshape(n, -1, 1, 1);
            var active = activation.apply(squeezed).reshape(n, -1);
            return x.mul(Activation.sigmoid(excite.apply(active)).reshape(n, channels, 1, 1));
        }
    }

    /** Weights that were saved from a module run on several devices. */
    private static Weights withoutModule(Weights file) {
        return new RenamedWeights(file, name -> Optional.of(name.startsWith(MODULE)
                ? name.substring(MODULE.length())
                : name));
    }
}
