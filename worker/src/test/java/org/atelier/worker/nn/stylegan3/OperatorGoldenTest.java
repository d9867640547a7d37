package org.atelier.worker.nn.stylegan3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import org.assertj.core.data.Offset;
import org.atelier.common.json.Json;
import org.atelier.worker.TestEngine;
import org.atelier.worker.checkpoint.SafetensorsFile;
import org.atelier.worker.tensor.Derived;
import org.atelier.worker.tensor.LeakyRelu;
import org.atelier.worker.tensor.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the operators of StyleGAN3 against numbers of the published code. */
class OperatorGoldenTest {
    private static final Path FILE = Path.of(System.getProperty("atelier.goldens", "src/test/goldens"),
            "ops/stylegan_ops.safetensors");
    private static final double TOLERANCE = 2e-5;

    @ParameterizedTest
    @ValueSource(strings = {"a", "b", "c", "d", "e"})
    void filteredLeakyRelu(String name) throws IOException {
        var config = Json.mapper().readTree(Files.readAllBytes(Path.of(FILE.toString().replace(".safetensors",
                ".json")))).path("config").path("filtered_lrelu." + name);
        Scope.run(() -> {
            try (var manager = TestEngine.get().newManager(); var file = SafetensorsFile.open(FILE)) {
                var x = file.readAsStored("in.y", manager).add(file.readAsStored("in.bias2", manager).reshape(1, -1, 1,
                        1));
                var expected = file.readAsStored("filtered_lrelu." + name + ".out", manager);
                int padding = config.path("padding").isArray()
                        ? config.path("padding").get(0).asInt()
                        : config.path("padding").asInt();
                var form = new FilteredLeakyRelu.Form(20, Math.toIntExact(expected.getShape().get(2)), config.path("up")
                        .asInt(), config.path("down").asInt(), padding, config.path("gain").asDouble());
                boolean flipped = config.path("flip_filter").asBoolean();
                var operator = new FilteredLeakyRelu(form, column(taps(config.path("fu"), flipped, file,
                        manager)), taps(config.path("fd"), flipped, file, manager), new LeakyRelu(config.path(
                                "slope").asDouble(), config.path("clamp").asDouble(Double.POSITIVE_INFINITY)), 3,
                        manager);
                assertClose(operator.apply(x), expected);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void modulatedConvolution(boolean demodulates) {
        Scope.run(() -> {
            try (var manager = TestEngine.get().newManager(); var file = SafetensorsFile.open(FILE)) {
                var gain = file.readAsStored("in.mc.gain", manager);
                var convolution = new ModulatedConvolution(file.readAsStored("in.mc.w", manager), Derived.of(gain,
                        NDArray::duplicate), demodulates, 1, demodulates ? 2 : 0, manager);
                assertClose(convolution.apply(file.readAsStored("in.mc.x", manager), file.readAsStored("in.mc.s",
                        manager), null), file.readAsStored("modulated_conv2d_sg3." + (demodulates ? "demod" : "nodemod")
                                + ".out", manager));
            }
        });
    }

    /** SciPy's values for 12 taps, cutoff 2, transition 12, rate 32. */
    @Test
    void kaiserFilter() {
        assertThat(Arrays.copyOf(new LowPass(12, 2, 12, 32).separable(), 6)).containsExactly(new double[]{.000791902,
                .010018318, .038949522, .09241279, .156525615, .201301852}, Offset.offset(1e-9));
    }

    /** Values of the tables in Abramowitz and Stegun, chapter 9. */
    @Test
    void besselFunctions() {
        assertThat(LowPass.besselJ1(0)).isCloseTo(0, Offset.offset(1e-14));
        assertThat(LowPass.besselJ1(1)).isCloseTo(0.4400505857449335, Offset.offset(1e-14));
        assertThat(LowPass.besselJ1(10)).isCloseTo(0.0434727461688614, Offset.offset(1e-14));
        assertThat(LowPass.besselI0(1)).isCloseTo(1.2660658777520084, Offset.offset(1e-14));
    }

    private static double[][] taps(JsonNode name, boolean flipped, SafetensorsFile file, NDManager manager) {
        if (name.isNull()) {
            return new double[][]{{1}};
        }
        var array = file.readAsStored("in." + name.asText(), manager);
        var values = array.toFloatArray();
        int rows = Math.toIntExact(array.getShape().get(0));
        int columns = values.length / rows;
        var taps = new double[rows][columns];
        for (int i = 0; i < values.length; i++) {
            taps[i / columns][i % columns] = values[flipped ? values.length - 1 - i : i];
        }
        return taps;
    }

    private static double[] column(double[][] taps) {
        return IntStream.range(0, taps.length).mapToDouble(i -> taps[i][0]).toArray();
    }

    private static void assertClose(NDArray actual, NDArray expected) {
        assertThat(actual.getShape()).isEqualTo(expected.getShape());
        double scale = expected.abs().max().getFloat();
        assertThat((double) actual.sub(expected).abs().max().getFloat()).isLessThanOrEqualTo(TOLERANCE * scale);
    }
}
