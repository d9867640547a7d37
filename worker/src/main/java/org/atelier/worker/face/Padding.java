package org.atelier.worker.face;

import java.util.Arrays;

import org.atelier.worker.tensor.Raster;

/**
 * What lies beyond the edges of a picture whose crop reaches over them: the picture mirrored, ever more blurred and, further
 * out, its median colour (FFHQ's {@code recreate_aligned_images}).
 *
 * @param left   pixels added
 * @param top    pixels added
 * @param right  pixels added
 * @param bottom pixels added
 */
record Padding(int left, int top, int right, int bottom) {
    /** SciPy's {@code gaussian_filter} cuts the bell off after so many deviations. */
    private static final double TRUNCATE = 4;

    private static final int CHANNELS = Raster.CHANNELS;

    int largest() {
        return Math.max(Math.max(left, right), Math.max(top, bottom));
    }

    Padding atLeast(int pixels) {
        return new Padding(Math.max(left, pixels), Math.max(top, pixels), Math.max(right, pixels), Math.max(bottom,
                pixels));
    }

    /**
     * Pads a picture.
     *
     * @param sigma deviation of the blur, in pixels
     */
    Raster apply(Raster picture, double sigma) {
        int width = left + picture.width() + right;
        int height = top + picture.height() + bottom;
        var pixels = mirrored(picture, width, height);
        var blurred = blurred(pixels, width, height, sigma);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double share = Math.clamp(3 * outside(x, y, width, height) + 1, 0.0, 1.0);
                for (int i = (y * width + x) * CHANNELS, c = 0; c < CHANNELS; c++, i++) {
                    pixels[i] += (float) ((blurred[i] - pixels[i]) * share);
                }
            }
        }
        var median = median(pixels);
        var padded = new int[pixels.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double share = Math.clamp(outside(x, y, width, height), 0.0, 1.0);
                for (int i = (y * width + x) * CHANNELS, c = 0; c < CHANNELS; c++, i++) {
                    padded[i] = (int) Math.clamp(Math.rint(pixels[i] + (median[c] - pixels[i]) * share), 0, 255);
                }
            }
        }
        return new Raster(width, height, padded);
    }

    /** 1 at the outermost pixels, 0 at the old edges, negative inside. */
    private double outside(int x, int y, int width, int height) {
        return Math.max(
                1 - Math.min((double) x / left, (double) (width - 1 - x) / right),
                1 - Math.min((double) y / top, (double) (height - 1 - y) / bottom));
    }

    private float[] mirrored(Raster picture, int width, int height) {
        var pixels = new float[width * height * CHANNELS];
        for (int y = 0, i = 0; y < height; y++) {
            int sourceY = reflect(y - top, picture.height());
            for (int x = 0; x < width; x++) {
                int sourceX = reflect(x - left, picture.width());
                for (int c = 0; c < CHANNELS; c++, i++) {
                    pixels[i] = picture.at(sourceX, sourceY, c);
                }
            }
        }
        return pixels;
    }

    /** Mirrors at the centres of the outermost pixels, as often as needed (NumPy's {@code reflect}). */
    private static int reflect(int place, int size) {
        if (size == 1) {
            return 0;
        }
        int period = 2 * (size - 1);
        int folded = Math.floorMod(place, period);
        return folded < size ? folded : period - folded;
    }

    /** Gaussian blur that mirrors at the outer edges of the outermost pixels (SciPy's {@code reflect}). */
    private static float[] blurred(float[] pixels, int width, int height, double sigma) {
        int radius = (int) (TRUNCATE * sigma + 0.5);
        var weights = new double[2 * radius + 1];
        for (int i = -radius; i <= radius; i++) {
            weights[i + radius] = Math.exp(-0.5 * i * i / (sigma * sigma));
        }
        double sum = Arrays.stream(weights).sum();
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= sum;
        }
        var vertical = new float[pixels.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                convolve(pixels, vertical, (y * width + x) * CHANNELS, weights, y, height, width * CHANNELS);
            }
        }
        var both = new float[pixels.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                convolve(vertical, both, (y * width + x) * CHANNELS, weights, x, width, CHANNELS);
            }
        }
        return both;
    }

    private static void convolve(float[] from, float[] to, int at, double[] weights, int place, int size, int stride) {
        int radius = weights.length / 2;
        for (int c = 0; c < CHANNELS; c++) {
            double sum = 0;
            for (int k = -radius; k <= radius; k++) {
                int folded = Math.floorMod(place + k, 2 * size);
                int source = folded < size ? folded : 2 * size - 1 - folded;
                sum += weights[k + radius] * from[at + c + (source - place) * stride];
            }
            to[at + c] = (float) sum;
        }
    }

    private static double[] median(float[] pixels) {
        var medians = new double[CHANNELS];
        var values = new float[pixels.length / CHANNELS];
        for (int c = 0; c < CHANNELS; c++) {
            for (int i = 0; i < values.length; i++) {
                values[i] = pixels[i * CHANNELS + c];
            }
            Arrays.sort(values);
            int middle = values.length / 2;
            medians[c] = values.length % 2 == 1 ? values[middle] : ((double) values[middle - 1] + values[middle]) / 2;
        }
        return medians;
    }
}
