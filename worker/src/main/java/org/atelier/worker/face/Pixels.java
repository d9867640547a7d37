package org.atelier.worker.face;

import org.atelier.worker.nn.mtcnn.Mtcnn;
import org.atelier.worker.tensor.Picture;

/**
 * A picture of which parts are made smaller (or larger): each pixel of the result is the mean of all pixels that it touches,
 * which is PyTorch's {@code area} resize and its adaptive average pooling.
 *
 * @param width  in pixels
 * @param height in pixels
 * @param rgb    [height][width][3]
 */
record Pixels(int width, int height, byte[] rgb) {
    static final int CHANNELS = 3;

    static Pixels of(Picture picture) {
        return new Pixels(picture.width(), picture.height(), picture.rgb());
    }

    /** Takes a mean: channel, row and column of the result, and the mean of 0..255. */
    private interface Target {
        void put(int channel, int row, int column, double mean);
    }

    /** The whole in another size, as a picture. */
    Pixels resized(int newWidth, int newHeight) {
        var resized = new byte[newWidth * newHeight * CHANNELS];
        average(0, 0, width, height, newWidth, newHeight, (c, y, x, mean) -> resized[(y * newWidth + x) * CHANNELS
                + c] = (byte) Math.round(mean));
        return new Pixels(newWidth, newHeight, resized);
    }

    /** The whole in another size, as networks see it: [3][rows][columns]. */
    float[] seen(int columns, int rows) {
        var values = new float[CHANNELS * rows * columns];
        average(0, 0, width, height, columns, rows, (c, y, x, mean) -> values[(c * rows + y) * columns + x] = Mtcnn
                .normalize((float) mean));
        return values;
    }

    /**
     * A box as networks see it. What lies beyond the edges of the picture is black.
     *
     * @param values takes it: [3][size][size]
     * @param at     where in the values
     */
    void see(Box box, int size, float[] values, int at) {
        average((int) box.left() - 1, (int) box.top() - 1, (int) box.right(), (int) box.bottom(), size, size, (c, y, x,
                mean) -> values[at + (c * size + y) * size + x] = Mtcnn.normalize((float) mean));
    }

    private void average(int left, int top, int right, int bottom, int columns, int rows, Target target) {
        int wide = Math.max(right - left, 1);
        int high = Math.max(bottom - top, 1);
        for (int row = 0; row < rows; row++) {
            int firstY = top + from(row, high, rows);
            int endY = top + to(row, high, rows);
            for (int column = 0; column < columns; column++) {
                int firstX = left + from(column, wide, columns);
                int endX = left + to(column, wide, columns);
                double area = (double) (endX - firstX) * (endY - firstY);
                for (int c = 0; c < CHANNELS; c++) {
                    target.put(c, row, column, sum(firstX, firstY, endX, endY, c) / area);
                }
            }
        }
    }

    private static int from(int index, int inputs, int outputs) {
        return Math.toIntExact((long) index * inputs / outputs);
    }

    private static int to(int index, int inputs, int outputs) {
        return Math.toIntExact(Math.ceilDiv((index + 1L) * inputs, outputs));
    }

    private long sum(int left, int top, int right, int bottom, int channel) {
        long sum = 0;
        for (int y = Math.max(top, 0); y < Math.min(bottom, height); y++) {
            int end = (y * width + Math.min(right, width)) * CHANNELS;
            for (int i = (y * width + Math.max(left, 0)) * CHANNELS + channel; i < end; i += CHANNELS) {
                sum += Byte.toUnsignedInt(rgb[i]);
            }
        }
        return sum;
    }
}
