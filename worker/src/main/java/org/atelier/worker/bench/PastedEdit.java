package org.atelier.worker.bench;

import org.atelier.worker.tensor.Picture;

/**
 * An edit pasted into the picture that it began with: where it changed something on purpose it is taken, everywhere else the
 * picture is the one before, to the byte. What a judge sees change beside the edit in such a picture is the judge's own
 * doubt, or hidden by what was asked for; nothing that draws the same can keep more.
 */
final class PastedEdit {
    /** Half the width of the squares over which differences are averaged, in pixels. */
    private static final int REACH = 2;
    /** What differs less, on average over a square, is not looked upon as edited; in levels of 255. */
    private static final double SEEN = 6;

    private static final int COLOURS = 3;

    private PastedEdit() {}

    /**
     * Pastes.
     *
     * @throws IllegalArgumentException if the pictures differ in size
     */
    static Picture of(Picture before, Picture after) {
        int width = before.width();
        int height = before.height();
        if (after.width() != width || after.height() != height) {
            throw new IllegalArgumentException("pictures of " + width + " x " + height + " and of " + after.width()
                    + " x " + after.height());
        }
        var differences = differences(before.rgb(), after.rgb());
        var pasted = before.rgb().clone();
        var edited = after.rgb();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                if (around(differences, x, y, width, height) > SEEN) {
                    int from = (y * width + x) * COLOURS;
                    System.arraycopy(edited, from, pasted, from, COLOURS);
                }
            }
        }
        return Picture.of(width, height, pasted);
    }

    /** Of each pixel, on average over its colours. */
    private static double[] differences(byte[] before, byte[] after) {
        var differences = new double[before.length / COLOURS];
        for (int i = 0; i < before.length; i++) {
            differences[i / COLOURS] += Math.abs(Byte.toUnsignedInt(before[i]) - Byte.toUnsignedInt(after[i]))
                    / (double) COLOURS;
        }
        return differences;
    }

    private static double around(double[] differences, int column, int row, int width, int height) {
        double sum = 0;
        int count = 0;
        for (int y = Math.max(0, row - REACH); y <= Math.min(height - 1, row + REACH); y++) {
            for (int x = Math.max(0, column - REACH); x <= Math.min(width - 1, column + REACH); x++) {
                sum += differences[y * width + x];
                count++;
            }
        }
        return sum / count;
    }
}
