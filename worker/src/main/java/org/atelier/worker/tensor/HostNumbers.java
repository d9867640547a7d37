package org.atelier.worker.tensor;

/** Numbers on the Java heap in another precision. */
public final class HostNumbers {
    private HostNumbers() {}

    /** Widens: no number changes. */
    public static double[] doubles(float[] values) {
        var doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    /** Rounds each to the nearest. */
    public static float[] floats(double[] values) {
        var floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
