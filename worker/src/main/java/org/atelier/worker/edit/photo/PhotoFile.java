package org.atelier.worker.edit.photo;

import java.awt.Color;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;

import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;

import org.atelier.common.error.ErrorCategory;
import org.atelier.common.error.JobException;
import org.atelier.common.picture.PictureHeader;
import org.atelier.worker.tensor.Picture;

/**
 * Reads a PNG or JPEG file: its header against the limits of {@link PictureHeader}, then its pixels in sRGB, what is
 * transparent on white, turned upright as its EXIF data say.
 */
public final class PhotoFile {
    private static final int CHANNELS = 3;

    private PhotoFile() {}

    /**
     * Reads a file.
     *
     * @param name for messages
     * @throws JobException INPUT_UNREADABLE if it is no such file, damaged or too large
     */
    public static Picture read(String name, byte[] file) {
        try {
            var header = PictureHeader.read(file);
            return Orientation.of(header.format(), file).upright(decode(header.format().reader(), file));
        } catch (IllegalArgumentException e) {
            throw new JobException(ErrorCategory.INPUT_UNREADABLE, "The image " + name + " cannot be used. " + e
                    .getMessage(), e);
        }
    }

    private static Picture decode(String format, byte[] file) {
        var reader = ImageIO.getImageReadersByFormatName(format).next();
        try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(in, true, true);
            var image = reader.read(0);
            return image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY && !image.getColorModel()
                    .hasAlpha() ? grey(image) : colours(image);
        } catch (IOException | RuntimeException e) { // the platform's readers throw either at damaged files
            throw new IllegalArgumentException("Its pixels cannot be decoded (" + e.getMessage()
                    + "). Save it again as an RGB PNG or JPEG.", e);
        } finally {
            reader.dispose();
        }
    }

    /** The platform takes stored greys for linear light and would make them brighter. */
    private static Picture grey(BufferedImage image) {
        int bits = image.getColorModel().getComponentSize(0);
        double scale = 255.0 / ((1 << bits) - 1);
        var rgb = new byte[image.getWidth() * image.getHeight() * CHANNELS];
        for (int y = 0, at = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                byte level = (byte) Math.round(image.getRaster().getSample(x, y, 0) * scale);
                for (int c = 0; c < CHANNELS; c++) {
                    rgb[at++] = level;
                }
            }
        }
        return Picture.of(image.getWidth(), image.getHeight(), rgb);
    }

    private static Picture colours(BufferedImage image) {
        int width = image.getWidth();
        var opaque = new BufferedImage(width, image.getHeight(), BufferedImage.TYPE_INT_RGB);
        var graphics = opaque.createGraphics();
        graphics.drawImage(image, 0, 0, Color.WHITE, null);
        graphics.dispose();
        var line = new int[width];
        var rgb = new byte[width * image.getHeight() * CHANNELS];
        for (int y = 0, at = 0; y < image.getHeight(); y++) {
            opaque.getRGB(0, y, width, 1, line, 0, width);
            for (int pixel : line) {
                rgb[at++] = (byte) (pixel >> 16);
                rgb[at++] = (byte) (pixel >> 8);
                rgb[at++] = (byte) pixel;
            }
        }
        return Picture.of(width, image.getHeight(), rgb);
    }
}
