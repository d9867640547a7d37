package org.atelier.worker.edit.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;

import org.atelier.worker.TestEngine;
import org.junit.jupiter.api.Test;

class IndependentComponentsTest {
    private static final int SAMPLES = 4_000;
    private static final int SOURCES = 3;
    private static final int WIDTH = 5;

    /** Three independent numbers, none of them normal, mixed into five. */
    private static float[] mixed(double[][] mixing) {
        var random = new SplittableRandom(1);
        var latents = new float[SAMPLES * WIDTH];
        for (int sample = 0; sample < SAMPLES; sample++) {
            var sources = new double[]{random.nextInt(2), random.nextInt(8) == 0 ? 1 : 0, random.nextDouble()};
            for (int c = 0; c < WIDTH; c++) {
                for (int source = 0; source < SOURCES; source++) {
                    latents[sample * WIDTH + c] += (float) (mixing[source][c] * sources[source]);
                }
            }
        }
        return latents;
    }

    private static float[] mean(float[] latents) {
        var mean = new float[WIDTH];
        for (int i = 0; i < latents.length; i++) {
            mean[i % WIDTH] += latents[i] / SAMPLES;
        }
        return mean;
    }

    @Test
    void whatWasMixedIsFoundAgain() {
        var mixing = new double[][]{{1, 0.5, -2, 0.3, 0}, {0.7, -1, 0.4, 2, 1}, {-0.5, 3, 1, 1, -1}};
        var latents = mixed(mixing);

        try (var manager = TestEngine.get().newManager()) {
            var found = IndependentComponents.of(latents, mean(latents), 3, manager);

            assertThat(found.count()).as("five numbers that vary in three directions").isEqualTo(SOURCES);
            for (int source = 0; source < SOURCES; source++) {
                // A change of one source alone must be read as a change of one component alone.
                var read = new double[SOURCES];
                double length = 0;
                double largest = 0;
                for (int k = 0; k < SOURCES; k++) {
                    for (int c = 0; c < WIDTH; c++) {
                        read[k] += found.filters()[k * WIDTH + c] * mixing[source][c];
                    }
                    length += read[k] * read[k];
                    largest = Math.max(largest, Math.abs(read[k]));
                }
                assertThat(largest / Math.sqrt(length)).as("source %s", source).isGreaterThan(0.99);
            }
        }
    }

    @Test
    void componentsMakeTheLatentAgain() {
        var latents = mixed(new double[][]{{1, 0.5, -2, 0.3, 0}, {0.7, -1, 0.4, 2, 1}, {-0.5, 3, 1, 1, -1}});
        var mean = mean(latents);

        try (var manager = TestEngine.get().newManager()) {
            var found = IndependentComponents.of(latents, mean, 3, manager);

            for (int c = 0; c < WIDTH; c++) {
                double again = mean[c];
                for (int k = 0; k < SOURCES; k++) {
                    double component = 0;
                    for (int i = 0; i < WIDTH; i++) {
                        component += found.filters()[k * WIDTH + i] * (latents[i] - mean[i]);
                    }
                    again += component * found.directions()[k * WIDTH + c];
                }
                assertThat(again).isCloseTo(latents[c], within(1e-4));
            }
        }
    }
}
