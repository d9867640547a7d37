package org.atelier.worker.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.atelier.common.artifact.Digest;
import org.atelier.worker.TestEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Convolutions of pictures of one pixel by larger kernels, which have a way of their own. */
class OnePixelTest {
    /** With so many, and two threads, the engine's own convolution gave two gradients in thirty calls. */
    private static final int INPUTS = 64;
    private static final int OUTPUTS = 192;
    private static final int CALLS = 60;

    private static NDManager manager;

    @BeforeAll
    static void open() {
        manager = TestEngine.get().newManager();
    }

    @AfterAll
    static void close() {
        manager.close();
    }

    private static NDArray random(long... shape) {
        var random = new Random(shape.length);
        var values = new float[Math.toIntExact(new Shape(shape).size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return HostArrays.of(manager, values, new Shape(shape));
    }

    /** A picture of three by three with one pixel that is not zero has the same in its middle. */
    @ParameterizedTest
    @CsvSource({"1, 1", "3, 1", "3, 2", "5, 1"})
    void aPixelIsConvolvedAsInALargerPicture(int size, int stride) {
        var x = random(2, 4, 1, 1);
        var kernel = Convolution.channelsLast(random(6, 4, size, size));
        var bias = random(6);
        var larger = manager.zeros(new Shape(2, 4, 3, 3));
        larger.set(new NDIndex(":, :, 1:2, 1:2"), x);

        var one = Convolution.conv2d(x, kernel, bias, stride, size / 2);
        var middle = Convolution.conv2d(larger, kernel, bias, 1, size / 2).get(":, :, 1:2, 1:2");

        assertThat(one.getShape()).isEqualTo(new Shape(2, 6, 1, 1));
        assertThat(one.sub(middle).abs().max().getFloat()).isLessThan(1e-5f);
    }

    @Test
    void itsGradientIsTheSameInEachCall() {
        var x = random(1, INPUTS, 1, 1);
        var kernel = Convolution.channelsLast(random(OUTPUTS, INPUTS, 3, 3));
        var gradients = new HashSet<Digest>();
        for (int call = 0; call < CALLS; call++) {
            gradients.add(Digest.of(gradient(x, kernel)));
        }
        assertThat(gradients).hasSize(1);
    }

    private static byte[] gradient(NDArray x, NDArray kernel) {
        return Scope.call(() -> {
            try (var tape = TestEngine.get().record()) {
                var leaf = tape.leaf(x);
                tape.backward(Convolution.conv2d(leaf, kernel, null, 1, 1).square()
                        .sum());
                return leaf.getGradient().toByteArray();
            }
        });
    }
}
