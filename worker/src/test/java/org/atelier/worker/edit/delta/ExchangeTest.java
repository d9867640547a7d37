package org.atelier.worker.edit.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

class ExchangeTest {
    private static final int SAMPLES = 2_048;

    /** Pictures of which one in sixteen fits; the first component says so, the second has nothing to do with it. */
    @Test
    void onlyWhatFittingPicturesAgreeOnIsWanted() {
        var random = new SplittableRandom(5);
        var cosines = new float[SAMPLES];
        var components = new float[2 * SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            boolean fits = i % 16 == 0;
            cosines[i] = (fits ? 0.35f : 0.12f) + (float) (0.02 * random.nextGaussian());
            components[2 * i] = fits ? 3.9f : -0.26f;
            components[2 * i + 1] = (float) random.nextGaussian();
        }

        var wanted = Exchange.wanted(cosines, components, 2);

        assertThat(wanted[0]).isCloseTo(3.9, within(1e-5));
        assertThat(wanted[1]).isNaN();
    }

    /** A component on which pictures agree at its mean is wanted too: so the glasses go when sunglasses come. */
    @Test
    void whatIsNeverThereInFittingPicturesGoes() {
        var cosines = new float[SAMPLES];
        var components = new float[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            cosines[i] = i % 16 == 0 ? 0.35f : 0.12f;
            components[i] = i % 16 == 1 ? 3.9f : -0.26f;
        }

        assertThat(Exchange.wanted(cosines, components, 1)[0]).isCloseTo(-0.26, within(1e-5));
    }
}
