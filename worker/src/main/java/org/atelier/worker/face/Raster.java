package org.atelier.worker.face;

import org.atelier.worker.tensor.AxisFilter;
import org.atelier.worker.tensor.Picture;

/**
 * A picture of bytes with the operations of Pillow that published pipelines use, rounded as Pillow rounds: to bytes after
 * each axis.
 *
 * @param width  in pixels
 * @param height in pixels
 * @param rgb    [height][width][3], 0..255
 */
record Raster(int width, int height, int[] rgb) {
    static final int CHANNELS = 3;

    static Raster of(Picture picture) {
        var bytes = picture.rgb();
        var rgb = new int[bytes.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = Byte.toUnsignedInt(bytes[i]);
        }
        return new Raster(picture.width(), picture.height(), rgb);
    }

    Picture toPicture() {
        var bytes = new byte[rgb.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) rgb[i];
        }
        return Picture.of(width, height, bytes);
    }

    int at(int x, int y, int channel) {
        return rgb[(y * width + x) * CHANNELS + channel];
    }

    /** A part. */
    Raster crop(int left, int top, int right, int bottom) {
        var part = new int[(right - left) * (bottom - top) * CHANNELS];
        int line = (right - left) * CHANNELS;
        for (int y = top; y < bottom; y++) {
            System.arraycopy(rgb, (y * width + left) * CHANNELS, part, (y - top) * line, line);
        }
        return new Raster(right - left, bottom - top, part);
    }

    /** Resizes along the width, then along the height. */
    Raster resize(AxisFilter horizontal, AxisFilter vertical) {
        return rows(horizontal).columns(vertical);
    }

    private Raster rows(AxisFilter filter) {
        var resized = new Raster(filter.outputs(), height, new int[filter.outputs() * height * CHANNELS]);
        for (int o = 0; o < filter.outputs(); o++) {
            var weights = filter.weights()[o];
            int from = first(weights);
            int to = last(weights);
            for (int y = 0; y < height; y++) {
                for (int c = 0; c < CHANNELS; c++) {
                    double sum = 0;
                    for (int i = from; i <= to; i++) {
                        sum += weights[i] * at(i, y, c);
                    }
                    resized.rgb[(y * resized.width + o) * CHANNELS + c] = toByte(sum);
                }
            }
        }
        return resized;
    }

    private Raster columns(AxisFilter filter) {
        var resized = new Raster(width, filter.outputs(), new int[width * filter.outputs() * CHANNELS]);
        for (int o = 0; o < filter.outputs(); o++) {
            var weights = filter.weights()[o];
            int from = first(weights);
            int to = last(weights);
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < CHANNELS; c++) {
                    double sum = 0;
                    for (int i = from; i <= to; i++) {
                        sum += weights[i] * at(x, i, c);
                    }
                    resized.rgb[(o * width + x) * CHANNELS + c] = toByte(sum);
                }
            }
        }
        return resized;
    }

    private static int first(double[] weights) {
        int i = 0;
        while (weights[i] == 0) {
            i++;
        }
        return i;
    }

    private static int last(double[] weights) {
        int i = weights.length - 1;
        while (weights[i] == 0) {
            i--;
        }
        return i;
    }

    private static int toByte(double value) {
        return (int) Math.clamp(Math.floor(value + 0.5), 0, 255);
    }

    /**
     * Draws a quadrangle as a square, by bilinear interpolation; what lies outside the picture is black (Pillow's
     * {@code QUAD} transform).
     */
    Raster square(CropQuad quad, int size) {
        var northWest = quad.corners().get(0);
        var southWest = quad.corners().get(1);
        var southEast = quad.corners().get(2);
        var northEast = quad.corners().get(3);
        var right = northEast.minus(northWest).times(1.0 / size);
        var down = southWest.minus(northWest).times(1.0 / size);
        var both = southEast.minus(southWest).minus(northEast).plus(northWest).times(1.0 / size / size);
        var square = new Raster(size, size, new int[size * size * CHANNELS]);
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                double u = x + 0.5;
                double v = y + 0.5;
                var place = northWest.plus(right.times(u)).plus(down.times(v)).plus(both.times(u * v));
                interpolate(place, square, (y * size + x) * CHANNELS);
            }
        }
        return square;
    }

    private void interpolate(Point place, Raster target, int index) {
        if (place.x() < 0 || place.y() < 0 || place.x() >= width || place.y() >= height) {
            return;
        }
        double x = place.x() - 0.5;
        double y = place.y() - 0.5;
        int x0 = (int) Math.floor(x);
        int y0 = (int) Math.floor(y);
        double dx = x - x0;
        double dy = y - y0;
        int left = Math.clamp(x0, 0, width - 1);
        int right = Math.clamp(x0 + 1L, 0, width - 1);
        int top = Math.clamp(y0, 0, height - 1);
        int bottom = Math.clamp(y0 + 1L, 0, height - 1);
        for (int c = 0; c < CHANNELS; c++) {
            double above = at(left, top, c) + (at(right, top, c) - at(left, top, c)) * dx;
            double below = at(left, bottom, c) + (at(right, bottom, c) - at(left, bottom, c)) * dx;
            target.rgb[index + c] = (int) (above + (below - above) * dy);
        }
    }
}
