package org.atelier.worker.nn.face;

import java.util.ArrayList;
import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import org.atelier.worker.nn.BatchNormalization;
import org.atelier.worker.nn.ConvolutionLayer;
import org.atelier.worker.nn.ConvolutionLayer.Form;
import org.atelier.worker.nn.Tap;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The input layer and the units of an IR-SE network (InsightFace_Pytorch {@code model.py}; ArcFace, Deng et al. 2019; SE:
 * Hu et al. 2018).
 *
 * <p>Every operator runs as it is published, in the plain order of memory and with nothing folded together. Fifty layers of
 * PReLU have many inputs near zero; where rounding flips the sign of one, the gradient with respect to the picture jumps
 * there. Channels-last and folding would save a quarter of the time here and give other roundings than the published code.
 */
public final class IrSeBody {

    private final ConvolutionLayer inputConvolution;
    private final BatchNormalization inputNormalization;
    private final PRelu inputActivation;
    private final List<Unit> units = new ArrayList<>();

    /**
     * Loads the layers.
     *
     * @param channels of the pictures: 3, or 6 where two are looked at together
     * @param loader   of {@code input_layer} and {@code body}
     */
    public IrSeBody(IrSeConfig config, int channels, WeightLoader loader) {
        var input = loader.in("input_layer");
        int width = config.stages().getFirst().inputs();
        this.inputConvolution = ConvolutionLayer.plain(input.in("0"), new Form(channels, width, 3, 1));
        this.inputNormalization = new BatchNormalization(input.in("1"), width);
        this.inputActivation = new PRelu(input.in("2"), width);
        for (var stage : config.stages()) {
            for (int i = 0; i < stage.units(); i++) {
                units.add(new Unit(loader.in("body." + units.size()), i == 0 ? stage.inputs() : stage.outputs(), stage
                        .outputs(), i == 0 ? 2 : 1));
            }
        }
    }

    /**
     * Applies the body.
     *
     * @param x [N, channels, H, W]
     * @return [N, C, H', W']
     */
    public NDArray apply(NDArray x, Tap tap) {
        var y = Scope.compute(() -> inputActivation.apply(inputNormalization.apply(inputConvolution.apply(
                x))));
        tap.see("input_layer", y);
        for (int i = 0; i < units.size(); i++) {
            var unit = units.get(i);
            var input = y;
            y = Scope.compute(() -> unit.apply(input));
            tap.see("body." + i, y);
        }
        return y;
    }

    /** Normalisation, two convolutions, and squeeze-and-excitation beside a shortcut. */
    private static final class Unit {
        private static final int SQUEEZE = 16;

        private final int stride;
        private final BatchNormalization before;
        private final ConvolutionLayer first;
        private final PRelu activation;
        private final ConvolutionLayer second;
        private final BatchNormalization after;
        private final ConvolutionLayer squeeze;
        private final ConvolutionLayer excite;
        private final @Nullable Projection projection;

        Unit(WeightLoader loader, int inputs, int outputs, int stride) {
            var residual = loader.in("res_layer");
            this.stride = stride;
            this.before = new BatchNormalization(residual.in("0"), inputs);
            this.first = ConvolutionLayer.plain(residual.in("1"), new Form(inputs, outputs, 3, 1));
            this.activation = new PRelu(residual.in("2"), outputs);
            this.second = ConvolutionLayer.plain(residual.in("3"), new Form(outputs, outputs, 3, stride));
            this.after = new BatchNormalization(residual.in("4"), outputs);
            this.squeeze = ConvolutionLayer.plain(residual.in("5.fc1"), new Form(outputs, outputs / SQUEEZE, 1, 1));
            this.excite = ConvolutionLayer.plain(residual.in("5.fc2"), new Form(outputs / SQUEEZE, outputs, 1, 1));
            this.projection = inputs == outputs
                    ? null
                    : new Projection(loader.in("shortcut_layer"), inputs, outputs, stride);
        }

        NDArray apply(NDArray x) {
            var y = after.apply(second.apply(activation.apply(first.apply(before.apply(x)))));
            var weights = Activation.sigmoid(excite.apply(Activation.relu(squeeze.apply(pooled(y)))));
            return y.mul(weights).addi(shortcut(x));
        }

        private static NDArray pooled(NDArray x) {
            double size = x.getShape().get(2) * x.getShape().get(3);
            return Scalars.div(x.sum(new int[]{2, 3}, true), size);
        }

        private NDArray shortcut(NDArray x) {
            if (projection != null) {
                return projection.apply(x);
            }
            // Max pooling of one pixel, as published, is slicing.
            return stride == 1 ? x : x.get(":, :, ::" + stride + ", ::" + stride);
        }
    }

    /** The shortcut of a unit that changes the number of channels. */
    private static final class Projection {
        private final ConvolutionLayer convolution;
        private final BatchNormalization after;

        Projection(WeightLoader loader, int inputs, int outputs, int stride) {
            this.convolution = ConvolutionLayer.plain(loader.in("0"), new Form(inputs, outputs, 1, stride));
            this.after = new BatchNormalization(loader.in("1"), outputs);
        }

        NDArray apply(NDArray x) {
            return after.apply(convolution.apply(x));
        }
    }
}
