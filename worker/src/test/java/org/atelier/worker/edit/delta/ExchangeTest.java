package org.atelier.worker.edit.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;

import ai.djl.ndarray.types.Shape;
import org.atelier.worker.TestEngine;
import org.atelier.worker.tensor.HostArrays;
import org.atelier.worker.tensor.Scope;
import org.junit.jupiter.api.Test;

/** Pictures that differ in three things: a number; one of three kinds, in two components; whether something is there. */
class ExchangeTest {
    private static final int SAMPLES = 4_096;
    private static final int COMPONENTS = 4;
    private static final int NUMBER = 1;
    private static final int PRESENCE = 3;
    /** Where the kinds lie in their components: the corners of a triangle, so that each component varies by 1. */
    private static final float[][] KINDS = {{1.414f, 0}, {-0.707f, 1.225f}, {-0.707f, -1.225f}};
    private static final int[] KIND_COMPONENTS = {0, 2};
    private static final float THERE = 3.9f;
    private static final float NOT_THERE = -0.26f;

    private final SplittableRandom random = new SplittableRandom(5);
    private final float[] components = new float[SAMPLES * COMPONENTS];
    private final float[] cosines = new float[SAMPLES];

    /** Cosines are told by what a picture shows, and by chance. */
    private ExchangeTest() {
        for (int sample = 0; sample < SAMPLES; sample++) {
            int kind = random.nextInt(KINDS.length);
            for (int d = 0; d < KIND_COMPONENTS.length; d++) {
                set(sample, KIND_COMPONENTS[d], KINDS[kind][d] + (float) (0.05 * random.nextGaussian()));
            }
            set(sample, NUMBER, (float) random.nextGaussian());
            set(sample, PRESENCE, random.nextInt(16) == 0 ? THERE : NOT_THERE);
        }
    }

    private void set(int sample, int component, float value) {
        components[sample * COMPONENTS + component] = value;
    }

    private float get(int sample, int component) {
        return components[sample * COMPONENTS + component];
    }

    private boolean isOfKind(int sample, int kind) {
        return Math.abs(get(sample, KIND_COMPONENTS[0]) - KINDS[kind][0]) < 0.6 && Math.abs(get(sample,
                KIND_COMPONENTS[1]) - KINDS[kind][1]) < 0.6;
    }

    private double[] wanted() {
        try (var manager = TestEngine.get().newManager()) {
            return Scope.call(() -> Exchange.wanted(HostArrays.of(manager, components, new Shape(SAMPLES, COMPONENTS)),
                    HostArrays.of(manager, cosines, new Shape(SAMPLES, 1))));
        }
    }

    private float chance() {
        return 0.12f + (float) (0.02 * random.nextGaussian());
    }

    @Test
    void componentsOfOneThingAreFoundToBelongTogether() {
        try (var manager = TestEngine.get().newManager()) {
            List<int[]> found = Scope.call(() -> IndependentSubspaces.of(HostArrays.of(manager, components, new Shape(
                    SAMPLES, COMPONENTS))));

            assertThat(found).containsExactlyInAnyOrder(KIND_COMPONENTS, new int[]{NUMBER}, new int[]{PRESENCE});
        }
    }

    @Test
    void whatTheTextIsAboutIsWantedWholeAndNothingElse() {
        for (int sample = 0; sample < SAMPLES; sample++) {
            cosines[sample] = chance() + (isOfKind(sample, 2) ? 0.2f : 0) + 0.01f * get(sample, NUMBER);
        }

        var wanted = wanted();

        for (int d = 0; d < KIND_COMPONENTS.length; d++) {
            assertThat(wanted[KIND_COMPONENTS[d]]).isCloseTo(KINDS[2][d], within(0.05));
        }
        assertThat(wanted[NUMBER]).isNaN();
        assertThat(wanted[PRESENCE]).isNaN();
    }

    @Test
    void aTextAboutTwoThingsWantsBoth() {
        for (int sample = 0; sample < SAMPLES; sample++) {
            cosines[sample] = chance() + (isOfKind(sample, 1) ? 0.1f : 0) + (get(sample, PRESENCE) > 0 ? 0.15f : 0);
        }

        var wanted = wanted();

        assertThat(wanted[KIND_COMPONENTS[0]]).isCloseTo(KINDS[1][0], within(0.05));
        assertThat(wanted[PRESENCE]).isCloseTo(THERE, within(0.05));
        assertThat(wanted[NUMBER]).isNaN();
    }

    /** The one picture that fits best is of a kind that fits less: many decide, not one. */
    @Test
    void aSinglePictureDecidesNothing() {
        for (int sample = 0; sample < SAMPLES; sample++) {
            cosines[sample] = chance() + (isOfKind(sample, 0) ? 0.1f : 0);
        }
        int other = 0;
        while (!isOfKind(other, 2)) {
            other++;
        }
        cosines[other] = 0.6f;

        assertThat(wanted()[KIND_COMPONENTS[1]]).isCloseTo(KINDS[0][1], within(0.05));
        assertThat(wanted()[KIND_COMPONENTS[0]]).isCloseTo(KINDS[0][0], within(0.05));
    }

    @Test
    void aTextAboutNothingInThePicturesWantsNothing() {
        for (int sample = 0; sample < SAMPLES; sample++) {
            cosines[sample] = chance();
        }

        assertThat(wanted()).containsOnly(Double.NaN);
    }
}
