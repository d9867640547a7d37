package org.atelier.worker.tensor;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;

import javax.imageio.ImageIO;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/** A picture of bytes: rows from the top, red, green and blue of each pixel side by side. */
public final class Picture {
    private static final int CHANNELS = 3;

    private final int width;
    private final int height;
    private final byte[] rgb;

    private Picture(int width, int height, byte[] rgb) {
        this.width = width;
        this.height = height;
        this.rgb = rgb;
    }

    /**
     * Rounds pictures of a generator to bytes: {@code x * 127.5 + 128}, clamped to 0..255, the fraction cut off (NVlabs
     * {@code generate.py}).
     *
     * @param images [N, 3, H, W], nominally in -1..1
     */
    public static List<Picture> of(NDArray images) {
        Shapes.require("images [N, 3, H, W]", images, Shapes.ANY, CHANNELS, Shapes.ANY, Shapes.ANY);
        int count = Math.toIntExact(images.getShape().get(0));
        int height = Math.toIntExact(images.getShape().get(2));
        int width = Math.toIntExact(images.getShape().get(3));
        return Scope.call(() -> {
            var bytes = Scalars.mul(Convolution.toNhwc(images), 127.5).add(128).clip(0, 255).toType(DataType.UINT8,
                    false);
            return IntStream.range(0, count)
                    .mapToObj(n -> new Picture(width, height, bytes.get(n).toByteArray()))
                    .toList();
        });
    }

    /**
     * A picture from its bytes.
     *
     * @param rgb [height][width][3], copied
     */
    public static Picture of(int width, int height, byte[] rgb) {
        if (rgb.length != width * height * CHANNELS) {
            throw new IllegalArgumentException("a picture of " + width + " x " + height + " pixels has " + width
                    * height * CHANNELS + " bytes, not " + rgb.length);
        }
        return new Picture(width, height, rgb.clone());
    }

    /** The pixels of an image of the Java platform, without their transparency. */
    public static Picture of(BufferedImage image) {
        var rgb = new byte[image.getHeight() * image.getWidth() * CHANNELS];
        for (int y = 0, at = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int pixel = image.getRGB(x, y);
                rgb[at++] = (byte) (pixel >> 16);
                rgb[at++] = (byte) (pixel >> 8);
                rgb[at++] = (byte) pixel;
            }
        }
        return new Picture(image.getWidth(), image.getHeight(), rgb);
    }

    /**
     * Pictures of one size side by side, in rows.
     *
     * @param columns pictures in a row; empty places stay black
     */
    public static Picture grid(List<Picture> pictures, int columns) {
        var first = pictures.getFirst();
        int rows = Math.ceilDiv(pictures.size(), columns);
        int stride = columns * first.width * CHANNELS;
        var rgb = new byte[rows * first.height * stride];
        for (int p = 0; p < pictures.size(); p++) {
            var picture = pictures.get(p);
            int line = picture.width * CHANNELS;
            for (int y = 0; y < picture.height; y++) {
                System.arraycopy(picture.rgb, y * line, rgb, (p / columns * picture.height + y) * stride + p % columns
                        * line, line);
            }
        }
        return new Picture(columns * first.width, rows * first.height, rgb);
    }

    /**
     * Reads a PNG or another format of the Java platform.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Picture read(byte[] file) {
        try {
            var image = ImageIO.read(new ByteArrayInputStream(file));
            if (image == null) {
                throw new IllegalArgumentException("these " + file.length + " bytes are no picture");
            }
            return of(image);
        } catch (IOException e) {
            throw new IllegalArgumentException("the picture is damaged: " + e.getMessage(), e);
        }
    }

    /** A copy as an image of the Java platform, to draw on. */
    public BufferedImage image() {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0, at = 0; y < height; y++) {
            for (int x = 0; x < width; x++, at += CHANNELS) {
                image.setRGB(x, y, level(at) << 16 | level(at + 1) << 8 | level(at + 2));
            }
        }
        return image;
    }

    /** This picture as a PNG file; equal pictures have equal bytes. */
    public byte[] png() {
        var bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image(), "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("memory can be written", e);
        }
        return bytes.toByteArray();
    }

    private int level(int at) {
        return Byte.toUnsignedInt(rgb[at]);
    }

    /** Pixels in a row. */
    public int width() {
        return width;
    }

    /** Rows. */
    public int height() {
        return height;
    }

    /** A copy of the bytes, [height][width][3]. */
    public byte[] rgb() {
        return rgb.clone();
    }
}
