package org.atelier.worker.nn.stylegan3;

import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.nn.EqualizedLinear;
import org.atelier.worker.nn.Placement;
import org.atelier.worker.nn.WeightLoader;
import org.atelier.worker.tensor.Convolution;
import org.atelier.worker.tensor.Derived;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Scalars;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Shapes;

/**
 * The input of the synthesis network: plane waves on a grid that w moves and turns (StyleGAN3, section 3.2 and appendix F;
 * NVlabs {@code SynthesisInput}).
 */
final class FourierInput {
    static final String NAME = "synthesis.input";
    /** Numbers of its style: cosine and sine of the turn, not yet of norm 1, and the two shifts in picture widths. */
    static final int STYLE = 4;

    private final LayerPlan.Band band;
    private final EqualizedLinear affine;
    private final NDArray frequencies;
    private final NDArray phases;
    private final Derived mixing;
    private final NDArray gridX;
    private final NDArray gridY;
    private final InputTransform stored;

    /**
     * Loads the layer.
     *
     * @param loader of {@code synthesis.input}: {@code weight} [C, C], {@code affine.*}, {@code freqs} [C, 2] in cycles
     *               per picture width, {@code phases} [C] in cycles, {@code transform} [3, 3] if it is stored
     */
    FourierInput(StyleGan3Config config, WeightLoader loader) {
        this.band = config.band(0);
        long channels = band.channels();
        this.affine = new EqualizedLinear(loader.in("affine"), config.mapping().wSize(), STYLE, 1, null);
        this.frequencies = loader.take("freqs", channels, 2);
        this.phases = loader.take("phases", channels);
        this.mixing = Derived.of(loader.take("weight", channels, channels), w -> Scalars.mul(w, 1 / Math.sqrt(channels))

                .transpose());
        this.stored = loader.has("transform")
                ? InputTransform.of(loader.take("transform", 3, 3))
                : InputTransform.IDENTITY;
        var centres = new float[band.size()];
        for (int i = 0; i < centres.length; i++) {
            centres[i] = (float) ((i + 0.5 - band.size() / 2.0) / band.rate());
        }
        this.gridX = HostArrays.of(loader.manager(), centres, new Shape(1, 1, band.size(), 1));
        this.gridY = HostArrays.of(loader.manager(), centres, new Shape(1, band.size(), 1, 1));
    }

    /** The transform that is stored with the network; usually the identity. */
    InputTransform stored() {
        return stored;
    }

    /**
     * The style of this layer, before its first two numbers are divided by their norm.
     *
     * @param w [N, C]
     * @return [N, 4]
     */
    NDArray style(NDArray w) {
        return affine.apply(w);
    }

    /**
     * The style that draws the same picture elsewhere. The network samples its waves at R (S x - t): S is stored, the turn
     * R and the shift t are the style. A placement is one more rigid map before all of them; brought to the left of S it
     * is part of R and t.
     *
     * @param style      [N, 4]
     * @param placements of each of the N, or one for all
     * @return [N, 4]
     */
    NDArray placed(NDArray style, List<Placement> placements) {
        Shapes.require("style of " + NAME + " [N, 4]", style, Shapes.ANY, STYLE);
        int count = placements.size();
        if (count != 1 && count != style.getShape().get(0)) {
            throw new IllegalArgumentException(count + " placements for " + style.getShape().get(0) + " pictures");
        }
        var numbers = new float[count * STYLE];
        for (int i = 0; i < count; i++) {
            var map = stored.after(InputTransform.of(placements.get(i))).after(stored.inverse()).rigid();
            numbers[i * STYLE] = (float) map.xx();
            numbers[i * STYLE + 1] = (float) map.yx();
            numbers[i * STYLE + 2] = (float) map.x0();
            numbers[i * STYLE + 3] = (float) map.y0();
        }
        return Scope.compute(() -> {
            var map = HostArrays.of(style.getManager(), numbers, new Shape(count, STYLE));
            var cosine = map.get(":, 0:1");
            var sine = map.get(":, 1:2");
            var t = style.div(style.get(":, :2").square().sum(new int[]{1}, true).sqrt());
            var cos = t.get(":, 0:1");
            var sin = t.get(":, 1:2");
            var shiftX = t.get(":, 2:3").sub(map.get(":, 2:3"));
            var shiftY = t.get(":, 3:4").sub(map.get(":, 3:4"));
            return NDArrays.concat(new NDList(
                    cos.mul(cosine).sub(sin.mul(sine)),
                    sin.mul(cosine).add(cos.mul(sine)),
                    shiftX.mul(cosine).add(shiftY.mul(sine)),
                    shiftY.mul(cosine).sub(shiftX.mul(sine))), 1);
        });
    }

    /**
     * Draws the waves.
     *
     * @param style [N, 4]
     * @return [N, C, size, size]
     */
    NDArray apply(NDArray style, InputTransform user) {
        Shapes.require("style of " + NAME + " [N, 4]", style, Shapes.ANY, STYLE);
        return Scope.compute(() -> {
            var t = style.div(style.get(":, :2").square().sum(new int[]{1}, true).sqrt());
            var cos = t.get(":, 0:1");
            var sin = t.get(":, 1:2");
            var moveX = t.get(":, 2:3");
            var moveY = t.get(":, 3:4");
            // The learned turn after the learned shift, after the user's map: rotation * translation * user.
            var shiftX = moveX.neg().add(user.x0());
            var shiftY = moveY.neg().add(user.y0());
            var fx = frequencies.get(":, 0").expandDims(0);
            var fy = frequencies.get(":, 1").expandDims(0);
            var turnedX = cos.mul(fx).add(sin.mul(fy)); // frequencies times rotation: [N, C]
            var turnedY = cos.mul(fy).sub(sin.mul(fx));
            var phase = turnedX.mul(shiftX).add(turnedY.mul(shiftY)).add(phases);
            var waveX = Scalars.mul(turnedX, user.xx()).add(Scalars.mul(turnedY, user.yx()));
            var waveY = Scalars.mul(turnedX, user.xy()).add(Scalars.mul(turnedY, user.yy()));
            var waves = spread(waveX).mul(gridX).add(spread(waveY).mul(gridY)).add(spread(phase));
            var drawn = Scalars.mul(waves, 2 * Math.PI).sin().mul(spread(amplitude(waveX, waveY)));
            return Convolution.fromNhwc(drawn.matMul(mixing.get()));
        });
    }

    /** Waves that the grid cannot hold fade out: [N, C]. */
    private NDArray amplitude(NDArray waveX, NDArray waveY) {
        double room = band.rate() / 2.0 - band.cutoff();
        var frequency = NDArrays.concat(new NDList(waveX.expandDims(2), waveY.expandDims(2)), 2).square().sum(
                new int[]{2}).sqrt();
        return Scalars.div(frequency.sub(band.cutoff()), -room).add(1).clip(0, 1);
    }

    private static NDArray spread(NDArray values) {
        return values.expandDims(1).expandDims(1);
    }
}
