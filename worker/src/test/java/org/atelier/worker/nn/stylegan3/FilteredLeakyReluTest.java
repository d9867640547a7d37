package org.atelier.worker.nn.stylegan3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.UnaryOperator;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.atelier.worker.TestEngine;
import org.atelier.worker.tensor.LeakyRelu;
import org.atelier.worker.tensor.RandomState;
import org.atelier.worker.tensor.Scope;
import org.atelier.worker.tensor.Upfirdn2d;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tiles and strips against the definition in plain steps, forward and backward. */
class FilteredLeakyReluTest {
    private static final int CHANNELS = 5;

    @ParameterizedTest
    @CsvSource({"150, 2, 2, 12, 12, 9, false", "150, 2, 2, 12, 12, 11, true", "84, 4, 2, 24, 12, -6, false",
            "84, 4, 2, 24, 12, -2, true", "36, 2, 4, 12, 24, 5, false", "9, 2, 1, 12, 1, 3, false"})
    void equalsPlainSteps(int size, int up, int down, int upTaps, int downTaps, int padding, boolean radial) {
        Scope.run(() -> {
            try (var manager = TestEngine.get().newManager()) {
                var upFilter = new LowPass(upTaps, 2, 12, 32).separable();
                var design = new LowPass(downTaps, 2, 12, 32);
                var downFilter = radial ? design.radial() : column(design.separable());
                int fine = size * up + 2 * padding - (upTaps - 1) - (downTaps - 1);
                int outputs = (fine + down - 1) / down;
                var form = new FilteredLeakyRelu.Form(size, outputs, up, down, padding, Math.sqrt(2));
                var operator = new FilteredLeakyRelu(form, upFilter, downFilter, new LeakyRelu(0.2, 0.9), CHANNELS,
                        manager);
                var random = new RandomState(1);
                var x = array(random, manager, 2, CHANNELS, size, size);
                var r = array(random, manager, 2, CHANNELS, outputs, outputs);
                var expected = result(x, r, y -> plain(y, form, upFilter, downFilter, manager));
                var actual = result(x, r, operator::apply);
                assertClose(actual[0], expected[0]);
                assertClose(actual[1], expected[1]);
            }
        });
    }

    private static NDArray array(RandomState random, NDManager manager, long... shape) {
        var sizes = new Shape(shape);
        return manager.create(random.randnFloat(Math.toIntExact(sizes.size())), sizes);
    }

    private static NDArray[] result(NDArray x, NDArray r, UnaryOperator<NDArray> operator) {
        try (var tape = TestEngine.get().record()) {
            var leaf = tape.leaf(x);
            var y = operator.apply(leaf);
            tape.backward(y.mul(r).sum());
            return new NDArray[]{y, leaf.getGradient()};
        }
    }

    private static NDArray plain(NDArray x, FilteredLeakyRelu.Form form, double[] upFilter, double[][] downFilter,
            NDManager manager) {
        int low = form.paddingLow();
        var fine = new Upfirdn2d(taps(column(upFilter), manager), new Upfirdn2d.Factor(form.up(), form.up()),
                Upfirdn2d.Factor.ONE, new Upfirdn2d.Padding(low, low, low, low), false, form.up() * form.up())
                .apply(x);
        var activated = new LeakyRelu(0.2, 0.9).apply(fine.mul(form.gain()));
        return new Upfirdn2d(taps(downFilter, manager), Upfirdn2d.Factor.ONE, new Upfirdn2d.Factor(form.down(), form
                .down()), new Upfirdn2d.Padding(0, 0, 0, 0), false, 1).apply(activated);
    }

    private static NDArray taps(double[][] filter, NDManager manager) {
        int columns = filter[0].length;
        var flat = new float[filter.length * columns];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = (float) filter[i / columns][i % columns];
        }
        return manager.create(flat, columns == 1 ? new Shape(filter.length) : new Shape(filter.length, columns));
    }

    private static double[][] column(double[] filter) {
        var column = new double[filter.length][1];
        for (int i = 0; i < filter.length; i++) {
            column[i][0] = filter[i];
        }
        return column;
    }

    private static void assertClose(NDArray actual, NDArray expected) {
        assertThat(actual.getShape()).isEqualTo(expected.getShape());
        double norm = expected.square().sum().sqrt().getFloat();
        assertThat((double) actual.sub(expected).square().sum().sqrt().getFloat()).isLessThanOrEqualTo(2e-5 * norm);
    }
}
