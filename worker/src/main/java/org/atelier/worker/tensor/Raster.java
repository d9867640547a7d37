package org.atelier.worker.tensor;

/**
 * A picture of bytes with the operations of Pillow that published pipelines use, rounded as Pillow rounds: to bytes after
 * each axis.
 *
 * @param width  in pixels
 * @param height in pixels
 * @param rgb    [height][width][3], 0..255
 */
public record Raster(int width, int height, int[] rgb) {
    /** Red, green, blue. */
    public static final int CHANNELS = 3;
    private static final int CORNERS = 8;

    /** The pixels of a picture. */
    public static Raster of(Picture picture) {
        var bytes = picture.rgb();
        var rgb = new int[bytes.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = Byte.toUnsignedInt(bytes[i]);
        }
        return new Raster(picture.width(), picture.height(), rgb);
    }

    /** The picture of these pixels. */
    public Picture toPicture() {
        var bytes = new byte[rgb.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) rgb[i];
        }
        return Picture.of(width, height, bytes);
    }

    /** A channel of a pixel, 0..255. */
    public int at(int x, int y, int channel) {
        return rgb[(y * width + x) * CHANNELS + channel];
    }

    /** The part from left and top to before right and bottom. */
    public Raster crop(int left, int top, int right, int bottom) {
        var part = new int[(right - left) * (bottom - top) * CHANNELS];
        int line = (right - left) * CHANNELS;
        for (int y = top; y < bottom; y++) {
            System.arraycopy(rgb, (y * width + left) * CHANNELS, part, (y - top) * line, line);
        }
        return new Raster(right - left, bottom - top, part);
    }

    /** Resizes along the width, then along the height. */
    public Raster resize(AxisFilter horizontal, AxisFilter vertical) {
        return rows(horizontal).columns(vertical);
    }

    /**
     * The middle square of the picture, as CLIP's published transform cuts it: bicubic with antialiasing, the shorter side
     * to the wanted size.
     *
     * @param size width and height of the square
     */
    public Raster middleSquare(int size) {
        int shorter = Math.min(width, height);
        int newWidth = Math.toIntExact((long) size * width / shorter);
        int newHeight = Math.toIntExact((long) size * height / shorter);
        int left = (int) Math.rint((newWidth - size) / 2.0);
        int top = (int) Math.rint((newHeight - size) / 2.0);
        return resize(AxisFilter.bicubicAntialiased(width, newWidth), AxisFilter.bicubicAntialiased(height, newHeight))
                .crop(left, top, left + size, top + size);
    }

    private Raster rows(AxisFilter filter) {
        var resized = new Raster(filter.outputs(), height, new int[filter.outputs() * height * CHANNELS]);
        for (int o = 0; o < filter.outputs(); o++) {
            var taps = Taps.of(filter.weights()[o]);
            for (int y = 0; y < height; y++) {
                for (int c = 0; c < CHANNELS; c++) {
                    resized.rgb[(y * resized.width + o) * CHANNELS + c] = taps.apply(rgb, (y * width + taps.first)
                            * CHANNELS + c, CHANNELS);
                }
            }
        }
        return resized;
    }

    private Raster columns(AxisFilter filter) {
        int line = width * CHANNELS;
        var resized = new Raster(width, filter.outputs(), new int[line * filter.outputs()]);
        for (int o = 0; o < filter.outputs(); o++) {
            var taps = Taps.of(filter.weights()[o]);
            for (int i = 0; i < line; i++) {
                resized.rgb[o * line + i] = taps.apply(rgb, taps.first * line + i, line);
            }
        }
        return resized;
    }

    /**
     * The weights of one output pixel, in the fixed point of Pillow's {@code Resample.c}.
     *
     * @param first   input that has a weight
     * @param weights of it and those after it, times 2^{@value #PRECISION}
     */
    private record Taps(int first, int[] weights) {
        private static final int PRECISION = 22;

        static Taps of(double[] row) {
            int first = 0;
            while (row[first] == 0) {
                first++;
            }
            int last = row.length - 1;
            while (row[last] == 0) {
                last--;
            }
            var weights = new int[last - first + 1];
            for (int i = 0; i < weights.length; i++) {
                double scaled = row[first + i] * (1 << PRECISION);
                weights[i] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
            }
            return new Taps(first, weights);
        }

        int apply(int[] values, int from, int stride) {
            long sum = 1L << PRECISION - 1;
            for (int i = 0; i < weights.length; i++) {
                sum += (long) weights[i] * values[from + i * stride];
            }
            return Math.clamp(sum >> PRECISION, 0, 255);
        }
    }

    /**
     * Draws a quadrangle as a square, by bilinear interpolation; what lies outside the picture is black (Pillow's
     * {@code QUAD} transform).
     *
     * @param corners x and y of the corners: top left, bottom left, bottom right, top right, as they are drawn
     * @param size    width and height of the square
     */
    public Raster square(double[] corners, int size) {
        if (corners.length != CORNERS) {
            throw new IllegalArgumentException("a quadrangle has four corners, not " + corners.length + " numbers");
        }
        var square = new Raster(size, size, new int[size * size * CHANNELS]);
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                double u = (x + 0.5) / size;
                double v = (y + 0.5) / size;
                interpolate(place(corners, 0, u, v), place(corners, 1, u, v), square, (y * size + x) * CHANNELS);
            }
        }
        return square;
    }

    private static double place(double[] corners, int axis, double u, double v) {
        double topLeft = corners[axis];
        double bottomLeft = corners[2 + axis];
        double bottomRight = corners[4 + axis];
        double topRight = corners[6 + axis];
        return topLeft + (topRight - topLeft) * u + (bottomLeft - topLeft) * v + (bottomRight - bottomLeft - topRight
                + topLeft) * u * v;
    }

    private void interpolate(double placeX, double placeY, Raster target, int index) {
        if (placeX < 0 || placeY < 0 || placeX >= width || placeY >= height) {
            return;
        }
        double x = placeX - 0.5;
        double y = placeY - 0.5;
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
