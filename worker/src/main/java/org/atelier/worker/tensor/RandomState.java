package org.atelier.worker.tensor;

/**
 * NumPy's {@code RandomState}: the 32-bit Mersenne Twister with the legacy Gaussian. The published generators turn seeds
 * into latents with it, so the same seed is the same face here.
 *
 * <p>Sources: Matsumoto and Nishimura 1998 (MT19937, initialisation of 2002); Marsaglia's polar method in the order of
 * NumPy's {@code legacy_gauss}.
 */
public final class RandomState {
    private static final int STATE = 624;
    private static final int SHIFT = 397;
    private static final int MATRIX = 0x9908_B0DF;
    private static final int UPPER_BIT = 0x8000_0000;
    private static final int LOWER_BITS = 0x7FFF_FFFF;
    private static final int SEED_MULTIPLIER = 1_812_433_253;

    private final int[] state = new int[STATE];

    private int position = STATE;

    private boolean hasSpare;

    private double spare;

    /**
     * A fresh stream.
     *
     * @param seed 0 to 2^32-1
     */
    public RandomState(long seed) {
        if (seed < 0 || seed > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException("a seed is a number from 0 to 4294967295: " + seed);
        }
        state[0] = (int) seed;
        for (int i = 1; i < STATE; i++) {
            state[i] = SEED_MULTIPLIER * (state[i - 1] ^ state[i - 1] >>> 30) + i;
        }
    }

    /** The next values of {@code randn}: normal with mean 0 and variance 1. */
    public double[] randn(int count) {
        var values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = nextGaussian();
        }
        return values;
    }

    /** The next values of {@code randn}, rounded to float as the published generators do. */
    public float[] randnFloat(int count) {
        var values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) nextGaussian();
        }
        return values;
    }

    private double nextGaussian() {
        if (hasSpare) {
            hasSpare = false;
            return spare;
        }
        double x;
        double y;
        double radius;
        do {
            x = 2 * nextDouble() - 1;
            y = 2 * nextDouble() - 1;
            radius = x * x + y * y;
        } while (radius >= 1 || radius == 0);
        double factor = Math.sqrt(-2 * StrictMath.log(radius) / radius);
        spare = factor * x;
        hasSpare = true;
        return factor * y;
    }

    /** 53 random bits in [0, 1). */
    private double nextDouble() {
        int high = nextInt() >>> 5;
        int low = nextInt() >>> 6;
        return (high * 67_108_864.0 + low) / 9_007_199_254_740_992.0;
    }

    private int nextInt() {
        if (position == STATE) {
            twist();
            position = 0;
        }
        int y = state[position++];
        y ^= y >>> 11;
        y ^= y << 7 & 0x9D2C_5680;
        y ^= y << 15 & 0xEFC6_0000;
        return y ^ y >>> 18;
    }

    private void twist() {
        for (int i = 0; i < STATE; i++) {
            int y = state[i] & UPPER_BIT | state[(i + 1) % STATE] & LOWER_BITS;
            state[i] = state[(i + SHIFT) % STATE] ^ y >>> 1 ^ ((y & 1) == 0 ? 0 : MATRIX);
        }
    }
}
