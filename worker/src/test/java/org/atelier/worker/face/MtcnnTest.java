package org.atelier.worker.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.assertj.core.data.Offset;
import org.atelier.worker.TestEngine;
import org.atelier.worker.nn.WeightMismatchException;
import org.atelier.worker.nn.Weights;
import org.atelier.worker.nn.mtcnn.Mtcnn;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Scope;
import org.junit.jupiter.api.Test;

/** The three networks against plain loops over random weights. */
class MtcnnTest {
    private static final MtcnnWeights WEIGHTS = MtcnnWeights.random(5);

    /** [channels][rows][columns]. */
    private static double[][][] input(int rows, int columns) {
        var random = new Random(11);
        var input = new double[3][rows][columns];
        for (var channel : input) {
            for (var row : channel) {
                for (int x = 0; x < columns; x++) {
                    row[x] = (float) (2 * random.nextDouble() - 1);
                }
            }
        }
        return input;
    }

    private static double[][][] convolved(String name, double[][][] input, int outputs, int size) {
        var weight = WEIGHTS.values(name + ".weight");
        var bias = WEIGHTS.values(name + ".bias");
        int rows = input[0].length - size + 1;
        int columns = input[0][0].length - size + 1;
        var result = new double[outputs][rows][columns];
        for (int o = 0; o < outputs; o++) {
            for (int y = 0; y < rows; y++) {
                for (int x = 0; x < columns; x++) {
                    double sum = bias[o];
                    for (int i = 0, w = o * input.length * size * size; i < input.length; i++) {
                        for (int dy = 0; dy < size; dy++) {
                            for (int dx = 0; dx < size; dx++) {
                                sum += weight[w++] * input[i][y + dy][x + dx];
                            }
                        }
                    }
                    result[o][y][x] = sum;
                }
            }
        }
        return result;
    }

    private static double[][][] activated(String name, double[][][] x) {
        var slopes = WEIGHTS.values(name + ".weight");
        for (int c = 0; c < x.length; c++) {
            for (var row : x[c]) {
                for (int i = 0; i < row.length; i++) {
                    row[i] = row[i] < 0 ? slopes[c] * row[i] : row[i];
                }
            }
        }
        return x;
    }

    /** Every second window; the last one has what there is. */
    private static double[][][] pooled(double[][][] input, int size) {
        int rows = (int) Math.ceil((input[0].length - size) / 2.0) + 1;
        int columns = (int) Math.ceil((input[0][0].length - size) / 2.0) + 1;
        var result = new double[input.length][rows][columns];
        for (int c = 0; c < input.length; c++) {
            for (int y = 0; y < rows; y++) {
                for (int x = 0; x < columns; x++) {
                    double most = Double.NEGATIVE_INFINITY;
                    for (int dy = 2 * y; dy < Math.min(2 * y + size, input[c].length); dy++) {
                        for (int dx = 2 * x; dx < Math.min(2 * x + size, input[c][dy].length); dx++) {
                            most = Math.max(most, input[c][dy][dx]);
                        }
                    }
                    result[c][y][x] = most;
                }
            }
        }
        return result;
    }

    /** Columns, then rows, then channels: [W][H][C]. */
    private static double[] flat(double[][][] x) {
        var flat = new double[x.length * x[0].length * x[0][0].length];
        int at = 0;
        for (int column = 0; column < x[0][0].length; column++) {
            for (int row = 0; row < x[0].length; row++) {
                for (var channel : x) {
                    flat[at++] = channel[row][column];
                }
            }
        }
        return flat;
    }

    private static double[] dense(String name, double[] x, int outputs) {
        var weight = WEIGHTS.values(name + ".weight");
        var result = new double[outputs];
        for (int o = 0; o < outputs; o++) {
            result[o] = WEIGHTS.values(name + ".bias")[o];
            for (int i = 0; i < x.length; i++) {
                result[o] += weight[o * x.length + i] * x[i];
            }
        }
        return result;
    }

    private static double[] activated(String name, double[] x) {
        var asChannels = new double[x.length][1][1];
        for (int i = 0; i < x.length; i++) {
            asChannels[i][0][0] = x[i];
        }
        return flat(activated(name, asChannels));
    }

    private static float[] run(Mtcnn network, double[][][] input, UnaryOperator<NDArray> pass) {
        try (var manager = TestEngine.get().newManager()) {
            return Scope.call(() -> pass.apply(HostArrays.of(manager, floats(input), new Shape(1, 3, input[0].length,
                    input[0][0].length))).toFloatArray());
        }
    }

    private static float[] floats(double[][][] input) {
        var values = new float[input.length * input[0].length * input[0][0].length];
        int at = 0;
        for (var channel : input) {
            for (var row : channel) {
                for (double value : row) {
                    values[at++] = (float) value;
                }
            }
        }
        return values;
    }

    private static void compare(float[] actual, double[]... parts) {
        int at = 0;
        for (var part : parts) {
            for (double value : part) {
                assertThat((double) actual[at]).as("number %d", at).isCloseTo(value, Offset.offset(1e-3));
                at++;
            }
        }
        assertThat(actual).hasSize(at);
    }

    private static double[] inOrder(double[][][] x) {
        var values = floats(x);
        var result = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = values[i];
        }
        return result;
    }

    @Test
    void theFirstNetworkJudgesEveryWindowOfAPicture() {
        try (var network = Mtcnn.load(WEIGHTS, TestEngine.get())) {
            for (int columns : new int[]{12, 17, 30}) {
                var x = input(15, columns);
                var y = pooled(activated("pnet.prelu1", convolved("pnet.conv1", x, 10, 3)), 2);
                y = activated("pnet.prelu2", convolved("pnet.conv2", y, 16, 3));
                y = activated("pnet.prelu3", convolved("pnet.conv3", y, 32, 3));

                compare(run(network, x, network::propose), inOrder(convolved("pnet.conv4_1", y, 2, 1)), inOrder(
                        convolved("pnet.conv4_2", y, 4, 1)));
            }
        }
    }

    @Test
    void theSecondNetworkJudgesAWindow() {
        try (var network = Mtcnn.load(WEIGHTS, TestEngine.get())) {
            var x = input(24, 24);
            var y = pooled(activated("rnet.prelu1", convolved("rnet.conv1", x, 28, 3)), 3);
            y = pooled(activated("rnet.prelu2", convolved("rnet.conv2", y, 48, 3)), 3);
            y = activated("rnet.prelu3", convolved("rnet.conv3", y, 64, 2));
            var features = activated("rnet.prelu4", dense("rnet.dense4", flat(y), 128));

            compare(run(network, x, network::refine), dense("rnet.dense5_1", features, 2), dense("rnet.dense5_2",
                    features, 4));
        }
    }

    @Test
    void theThirdNetworkJudgesAWindowAndFindsLandmarks() {
        try (var network = Mtcnn.load(WEIGHTS, TestEngine.get())) {
            var x = input(48, 48);
            var y = pooled(activated("onet.prelu1", convolved("onet.conv1", x, 32, 3)), 3);
            y = pooled(activated("onet.prelu2", convolved("onet.conv2", y, 64, 3)), 3);
            y = pooled(activated("onet.prelu3", convolved("onet.conv3", y, 64, 3)), 2);
            y = activated("onet.prelu4", convolved("onet.conv4", y, 128, 2));
            var features = activated("onet.prelu5", dense("onet.dense5", flat(y), 256));

            compare(run(network, x, network::locate), dense("onet.dense6_1", features, 2), dense("onet.dense6_2",
                    features, 4), dense("onet.dense6_3", features, 10));
        }
    }

    @Test
    void weightsThatAreMissingAreNamed() {
        var some = new Weights() {
            @Override
            public Set<String> names() {
                return Set.of("onet.dense5.weight");
            }

            @Override
            public Shape shape(String name) {
                return WEIGHTS.shape(name);
            }

            @Override
            public NDArray read(String name, NDManager manager) {
                return WEIGHTS.read(name, manager);
            }
        };

        assertThatThrownBy(() -> Mtcnn.load(some, TestEngine.get())).isInstanceOf(WeightMismatchException.class)
                .hasMessageContaining("pnet.conv1.weight");
    }
}
