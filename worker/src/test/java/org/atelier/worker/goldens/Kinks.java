package org.atelier.worker.goldens;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.nn.Generator;
import org.atelier.worker.nn.Noise;
import org.atelier.worker.nn.Weights;

/**
 * The units of a StyleGAN2 whose leaky ReLU gets, for one latent, an input that is zero up to rounding. Which side of the
 * kink such a unit is on depends on the order in which a convolution adds up its products; the gradient differs visibly
 * between the two sides, and both are right. The published code, too, is on one side by chance.
 *
 * <p>In {@code e2e/styleclip_latent_wplus} this is channel 5 of b64.conv1 at row 50, column 60: its input is -1e-8, the
 * layer's root mean square 1, and half a unit in the last place of a float near 1 is 6e-8.
 */
final class Kinks {
    /** An input of this share of the layer's root mean square is rounding. */
    private static final double ROUNDING = 3e-7;
    /** A nudge over the kink, as a share of the layer's root mean square: beyond rounding, and without other effect. */
    private static final double NUDGE = 6e-7;
    private static final double SLOPE = 0.2;

    private Kinks() {}

    /**
     * A unit that is at its kink.
     *
     * @param noise what to add to its layer's noise map to bring it to the other side
     */
    private record Unit(String layer, long row, long column, double noise) {}

    /**
     * Weights that draw the same picture up to rounding, each with another one of the units at their kinks on its other
     * side.
     *
     * @param generator built from the weights
     * @param wPlus     [1, L, C]
     * @return none if no unit is at its kink
     */
    static List<Weights> otherSides(Generator generator, Weights weights, NDArray wPlus) {
        return units(generator, wPlus).stream().<Weights>map(unit -> new Nudged(weights, unit)).toList();
    }

    private static List<Unit> units(Generator generator, NDArray wPlus) {
        var units = new ArrayList<Unit>();
        generator.render(generator.styles(wPlus), Noise.STORED, (layer, output) -> {
            var strength = generator.parameters().get(layer + ".noise_strength");
            if (strength != null) {
                find(layer, output, strength.getFloat(), units);
            }
        });
        return units;
    }

    private static void find(String layer, NDArray output, double strength, List<Unit> units) {
        double scale = Math.sqrt(output.square().mean().getFloat());
        long height = output.getShape().get(2);
        long width = output.getShape().get(3);
        var values = output.duplicate().toFloatArray();
        for (int i = 0; i < values.length; i++) {
            double input = values[i] < 0 ? values[i] / SLOPE : values[i];
            if (Math.abs(input) <= ROUNDING * scale) {
                double change = (input < 0 ? NUDGE : -NUDGE) * scale;
                units.add(new Unit(layer, i / width % height, i % width, change / (Math.sqrt(2) * strength)));
            }
        }
    }

    /** Weights with one pixel of one noise map changed. */
    private record Nudged(Weights weights, Unit unit) implements Weights {
        @Override
        public Set<String> names() {
            return weights.names();
        }

        @Override
        public Shape shape(String name) {
            return weights.shape(name);
        }

        @Override
        public NDArray read(String name, NDManager manager) {
            var array = weights.read(name, manager);
            if (name.equals(unit.layer() + ".noise_const")) {
                double noise = array.getFloat(unit.row(), unit.column()) + unit.noise();
                array.set(new NDIndex(unit.row(), unit.column()), (float) noise);
            }
            return array;
        }
    }
}
